#include "io/volume/h5_source.hpp"

#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/array3.hpp"
#include "base/error.hpp"
#include "io/h5/file.hpp"
#include "io/volume/labels.hpp"
#include "io/volume/open_volume.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class H5SourceTest : public testing::Test {
 protected:
  /// 8 x 6 x 4 numbers in chunks of 2 x 6 x 4, of which those from `written` on are there.
  VolumePath volume(hsize_t written, int gzip = 1) {
    h5::write_file(dir / "v.h5", [&](h5::File& file) {
      std::vector<std::uint8_t> values((8 - written) * 24, 9);
      file.create_dataset<std::uint8_t>("raw", {8, 6, 4}, {.chunks = {2, 6, 4}, .gzip = gzip})
          .write_part<std::uint8_t>({written, 0, 0}, {8 - written, 6, 4}, values);
    });
    return {dir / "v.h5", "/raw"};
  }
  static Array3<float> read(const VolumeReader& reader, const Box& box) {
    Array3<float> out(box.extent());
    reader.read(box, out.view());
    return out;
  }
  static Array3<float> read_all(const VolumePath& path) {
    const VolumeReader reader(path);
    return read(reader, whole_box(reader.extent()));
  }
  test::TempDirectory dir;
};

TEST_F(H5SourceTest, ChunksThatWereNeverWrittenAreAnErrorUnlessToldOtherwise) {
  VolumePath path = volume(2);
  path.options.missing_key = "volume.missing: background";
  const VolumeReader reader(path);
  EXPECT_THAT(
      [&] { reader.source().check_complete(); },
      ThrowsMessage<InputError>(AllOf(HasSubstr("v.h5:/raw: 1 of its 4 chunks were never written"),
                                      HasSubstr("expected all of it, or volume.missing: background"))));
  EXPECT_EQ(read(reader, {{2, 0, 0}, {8, 6, 4}})(0, 0, 0), 9);
  EXPECT_THAT([&] { read_all(path); },
              ThrowsMessage<InputError>(
                  AllOf(HasSubstr("cannot read z 0:8, y 0:6, x 0:4"), HasSubstr("was never written"))));
  path.options.missing = Missing::background;
  EXPECT_EQ(read_all(path)(0, 0, 0), 0);
  EXPECT_EQ(read_all(path)(2, 0, 0), 9);
  EXPECT_THAT(VolumeReader(path).source().check_complete(), HasSubstr("1 of its 4 chunks"));
  EXPECT_EQ(VolumeReader(volume(0)).source().check_complete(), "");
}

TEST_F(H5SourceTest, LargeChunksAndOddFiltersAreLookedAtToo) {
  h5::write_file(dir / "v.h5", [](h5::File& file) {  // larger than what is kept
    file.create_dataset<std::uint8_t>("raw", {2, 6000, 6000}, {.chunks = {1, 6000, 6000}});
  });
  const VolumePath path{dir / "v.h5", "/raw"};
  EXPECT_THAT([&] { VolumeReader(path).source().check_complete(); },
              ThrowsMessage<InputError>(HasSubstr("2 of its 2")));
  const VolumeReader reader(path);
  EXPECT_EQ(reader.source().piece_bytes(), 0U);
  EXPECT_THAT(
      [&] {
        read(reader, {{0, 0, 0}, {1, 2, 2}});
      },
      ThrowsMessage<InputError>(HasSubstr("was never written")));
}

TEST_F(H5SourceTest, AVolumeThatNobodyHasWrittenIsRefused) {
  h5::write_file(dir / "v.h5", [](h5::File& file) { file.create_dataset<std::uint8_t>("raw", {2, 3, 4}); });
  VolumePath path{dir / "v.h5", "/raw"};
  EXPECT_THAT([&] { VolumeReader{path}; }, ThrowsMessage<InputError>(HasSubstr("raw: was never written")));
  path.options.missing = Missing::background;
  EXPECT_EQ(read_all(path)(1, 1, 1), 0);
}

TEST_F(H5SourceTest, WhatIsNoNumberIsBackgroundWhereThatIsAskedFor) {
  constexpr float infinite = std::numeric_limits<float>::infinity();
  h5::write_file(dir / "v.h5", [](h5::File& file) {
    file.write("raw", std::vector<float>{1, std::nanf(""), infinite, -3e38F, 2, 3}, {1, 2, 3});
    file.write("wide", std::vector<double>{1, std::nan(""), infinite, -infinite, 2, 3}, {1, 2, 3});
  });
  for (const auto* dataset : {"/raw", "/wide"}) {
    VolumePath path{dir / "v.h5", dataset};
    const auto grey = [&] {
      Array3<float> values({1, 2, 3});
      VolumeReader(path).read(whole_box(values.extent()), values.view());
      return std::vector<float>(values.data(), values.data() + values.size());
    };
    EXPECT_TRUE(std::isnan(grey()[1])) << dataset;
    EXPECT_EQ(grey()[2], infinite) << dataset;
    path.options.missing = Missing::background;
    EXPECT_THAT(grey(), testing::ElementsAre(1, 0, 0, 0, 2, 3)) << dataset;
  }
}

TEST_F(H5SourceTest, LabelsAreNothingWhereNobodyHasWrittenAny) {
  VolumePath path = volume(6);
  path.options.missing = Missing::sparse;
  const auto labels = read_label_volume(VolumeReader(path), {0, 0, 0}, whole_box({8, 6, 4}),
                                        std::vector<std::string>(9, "c"));
  EXPECT_EQ(labels.size(), 48U);
  h5::write_file(dir / "v.h5", [](h5::File& file) {
    const h5::Handle list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
    const h5::Shape shape{2, 3, 4};
    const std::uint8_t fill = 1;
    H5Pset_chunk(list.get(), 3, shape.data());
    H5Pset_fill_value(list.get(), H5T_NATIVE_UINT8, &fill);
    const h5::Handle space(H5Screate_simple(3, shape.data(), nullptr), "space", "make");
    const h5::Handle made(
        H5Dcreate2(file.id(), "raw", H5T_NATIVE_UINT8, space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT),
        "d", "create");
  });
  EXPECT_THAT(
      [&] {
        read_label_volume(VolumeReader(path), {0, 0, 0}, whole_box({2, 3, 4}), {"a", "b"});
      },
      ThrowsMessage<InputError>(HasSubstr("never written")));
}

TEST_F(H5SourceTest, AnInputThatIsCutWhileItIsReadIsAnError) {
  for (const int gzip : {0, 1}) {
    const VolumePath path = volume(0, gzip);
    const VolumeReader reader(path);
    EXPECT_EQ(read(reader, {{0, 0, 0}, {1, 1, 1}})(0, 0, 0), 9);
    const auto bytes = std::filesystem::file_size(path.file);
    std::filesystem::resize_file(path.file, bytes - 10);
    EXPECT_THAT(
        [&] {
          read(reader, {{6, 0, 0}, {8, 6, 4}});
        },
        ThrowsMessage<IoError>(HasSubstr(std::to_string(bytes) + " bytes when it was opened")));
  }
}

TEST_F(H5SourceTest, AnInputThatIsWrittenToWhileItIsReadIsAnError) {
  const VolumePath path = volume(0);
  const VolumeReader reader(path);
  std::string bytes = test::file_bytes(path.file);
  bytes.back() = 'x';
  test::write_bytes(path.file, bytes);
  std::filesystem::last_write_time(path.file,
                                   std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_THAT(
      [&] {
        read(reader, {{6, 0, 0}, {8, 6, 4}});
      },
      ThrowsMessage<IoError>(HasSubstr("was written to while it was read")));
}

TEST_F(H5SourceTest, AFileOfAnotherNameInItsPlaceDoesNotMatter) {
  const VolumePath path = volume(0);
  const VolumeReader reader(path);
  test::write_bytes(dir / "other", "x");
  std::filesystem::rename(dir / "other", path.file);
  EXPECT_EQ(read(reader, {{6, 0, 0}, {8, 6, 4}})(0, 0, 0), 9);
}

TEST_F(H5SourceTest, ASourceThatGoesWhileItIsReadIsAnError) {
  h5::write_file(dir / "p.h5", [](h5::File& file) {
    file.write("v", std::vector<std::uint8_t>(24, 5), {2, 3, 4});
  });
  const h5::Shape shape{2, 3, 4};
  h5::write_file(dir / "v.h5", [&](h5::File& file) {
    const h5::Handle list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
    const h5::Handle space(H5Screate_simple(3, shape.data(), nullptr), "space", "make");
    H5Pset_virtual(list.get(), space.get(), "p.h5", "v", space.get());
    const h5::Handle made(
        H5Dcreate2(file.id(), "raw", H5T_NATIVE_UINT8, space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT),
        "d", "create");
  });
  const VolumePath path{dir / "v.h5", "/raw"};
  EXPECT_EQ(read_all(path)(1, 2, 3), 5);
  EXPECT_THAT(VolumeReader(path).source().files(), testing::ElementsAre(dir / "v.h5", dir / "p.h5"));
  const VolumeReader reader(path);
  std::filesystem::remove(dir / "p.h5");
  EXPECT_THAT(
      [&] {
        read(reader, {{0, 0, 0}, {1, 1, 1}});
      },
      ThrowsMessage<InputError>(HasSubstr("p.h5: there is no such file")));
  EXPECT_THAT([&] { VolumeReader{path}; },
              ThrowsMessage<InputError>(AllOf(HasSubstr("v.h5:/raw: parts of it are missing"),
                                              HasSubstr("p.h5: there is no such file"))));
}

TEST_F(H5SourceTest, AFileOfLinksWithOnePlaceNeedsNoName) {
  volume(0);
  const auto link = [&](const char* name, const char* file_name, const char* path) {
    return [=](h5::File& file) {
      ASSERT_GE(H5Lcreate_external(file_name, path, file.id(), name, H5P_DEFAULT, H5P_DEFAULT), 0);
    };
  };
  h5::write_file(dir / "links.h5", [&](h5::File& file) {
    link("raw", "v.h5", "/raw")(file);
    link("gone", "nothing.h5", "/raw")(file);
    ASSERT_GE(H5Lcreate_soft("/raw", file.id(), "soft", H5P_DEFAULT, H5P_DEFAULT), 0);
  });
  EXPECT_EQ(VolumeReader({dir / "links.h5", ""}).path().dataset, "/raw");
  EXPECT_EQ(read_all({dir / "links.h5", ""})(0, 0, 0), 9);
  EXPECT_THAT(
      [&] {
        VolumeReader({dir / "links.h5", "/gone"});
      },
      ThrowsMessage<InputError>(HasSubstr("nothing.h5: there is no such file")));
  h5::write_file(dir / "links.h5", link("gone", "nothing.h5", "/raw"));
  EXPECT_THAT(
      [&] {
        VolumeReader({dir / "links.h5", ""});
      },
      ThrowsMessage<InputError>(HasSubstr("links that lead to none: /gone (nothing.h5:/raw)")));
}

TEST_F(H5SourceTest, SummariesTellOfLinksAndOfWhatIsMissing) {
  volume(4);
  h5::write_file(dir / "links.h5", [&](h5::File& file) {
    ASSERT_GE(H5Lcreate_external("v.h5", "/raw", file.id(), "raw", H5P_DEFAULT, H5P_DEFAULT), 0);
    ASSERT_GE(H5Lcreate_external("nothing.h5", "/raw", file.id(), "gone", H5P_DEFAULT, H5P_DEFAULT), 0);
  });
  const auto found = summarize_datasets({dir / "links.h5", ""}, 50);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].link_target, "nothing.h5:/raw");
  EXPECT_THAT(found[0].why_not_there, HasSubstr("there is no such file"));
  EXPECT_EQ(found[1].link_target, "v.h5:/raw");
  EXPECT_EQ(found[1].why_not_there, "");
  ASSERT_EQ(found[1].remarks.size(), 1U);
  EXPECT_EQ(found[1].remarks[0].text, "2 of 4 chunks were never written");
}

TEST_F(H5SourceTest, TruthValuesInChunksAreChecked) {
  const auto with = [&](const std::vector<std::int8_t>& values) {
    h5::write_file(dir / "b.h5", [&](h5::File& file) {
      const h5::Handle type(H5Tenum_create(H5T_NATIVE_INT8), "type", "create");
      const std::int8_t no = 0, yes = 1;
      H5Tenum_insert(type.get(), "FALSE", &no);
      H5Tenum_insert(type.get(), "TRUE", &yes);
      file.create_dataset("m", type.get(), {1, 1, 2}, {.chunks = {1, 1, 2}, .gzip = 1})
          .write_as(type.get(), values.data());
    });
    return read_all({dir / "b.h5", "/m"})(0, 0, 1);
  };
  EXPECT_EQ(with({0, 1}), 1);
  for (const std::int8_t odd : {std::int8_t{-1}, std::int8_t{2}, std::int8_t{39}})
    EXPECT_THAT(
        [&] {
          with({1, odd});
        },
        ThrowsMessage<InputError>(HasSubstr("truth values below 0 or above 1")));
}

TEST_F(H5SourceTest, NamesHalfPrecisionAndSaysHowToConvert) {
  h5::write_file(dir / "h.h5", [](h5::File& file) {
    const h5::Handle half(H5Tcopy(H5T_IEEE_F32LE), "type", "copy");
    H5Tset_fields(half.get(), 15, 10, 5, 0, 10);
    H5Tset_size(half.get(), 2);
    H5Tset_ebias(half.get(), 15);
    file.create_dataset("half", half.get(), {1, 1, 2});
  });
  EXPECT_THAT(
      [&] {
        VolumeReader({dir / "h.h5", "/half"});
      },
      ThrowsMessage<InputError>(AllOf(HasSubstr("holds float16 values"), HasSubstr("astype('float32')"))));
}

TEST_F(H5SourceTest, AnAttributeWithoutValuesIsNamed) {
  h5::write_file(dir / "e.h5", [](h5::File& file) {
    file.write("raw", std::vector<std::uint8_t>(24), {2, 3, 4})
        .set_attribute("resolution", std::vector<double>{});
  });
  EXPECT_THAT(
      [&] {
        VolumeReader({dir / "e.h5", "/raw"});
      },
      ThrowsMessage<InputError>(HasSubstr("attribute resolution: is []")));
}

TEST_F(H5SourceTest, SaysHowFarAPathLeads) {
  volume(0);
  EXPECT_THAT(
      [&] {
        VolumeReader({(dir / "none") / "v.h5", "/raw"});
      },
      ThrowsMessage<InputError>(HasSubstr(dir.path().string() + " is there, but no 'none' in it")));
  std::filesystem::copy_file(dir / "v.h5", dir / "v.ims");
  EXPECT_EQ(read_all(VolumePath::parse((dir / "v.ims").string() + "/raw"))(0, 0, 0), 9);
}

TEST_F(H5SourceTest, AFilterThatNobodyHasIsNamedBeforeAnythingIsRead) {
  h5::write_file(dir / "z.h5", [](h5::File& file) {
    const h5::Handle list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
    const h5::Shape shape{2, 3, 4};
    H5Pset_chunk(list.get(), 3, shape.data());
    ASSERT_GE(H5Pset_filter(list.get(), 61234, H5Z_FLAG_OPTIONAL, 0, nullptr), 0);  // registered by nobody
    const h5::Handle space(H5Screate_simple(3, shape.data(), nullptr), "space", "make");
    const h5::Handle made(
        H5Dcreate2(file.id(), "raw", H5T_STD_U8LE, space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT), "raw",
        "create");
  });
  EXPECT_THAT(
      [&] {
        open_volume({dir / "z.h5", "/raw"});
      },
      ThrowsMessage<InputError>(HasSubstr("(filter 61234), which is not installed here")));
}

TEST_F(H5SourceTest, WhatImarisHasFilledUpIsNoImage) {
  const auto write = [&](const std::vector<std::string>& x) {
    h5::write_file(dir / "v.ims", [&](h5::File& file) {
      std::vector<std::uint8_t> values(4 * 4 * 4);
      std::iota(values.begin(), values.end(), std::uint8_t{0});
      file.write("DataSet/Channel 0/Data", values, {4, 4, 4}, {.chunks = {2, 2, 2}});
      h5::Group group = file.group("DataSet/Channel 0");
      group.set_attribute("ImageSizeZ", std::vector<std::string>{"4"});
      group.set_attribute("ImageSizeY", std::vector<std::string>{"2"});
      group.set_attribute("ImageSizeX", x);
    });
  };
  const VolumePath path{dir / "v.ims", "/DataSet/Channel 0/Data"};
  write({"3"});
  const auto volume = open_volume(path);
  ASSERT_EQ(volume->extent(), (Extent{4, 2, 3}));
  auto values = Array3<std::uint8_t>::uninitialized(volume->extent());
  volume->read(0, box_at(GlobalVoxel{}, volume->extent()), values.view());
  for (std::int64_t z = 0; z < 4; ++z)
    for (std::int64_t y = 0; y < 2; ++y)
      for (std::int64_t x = 0; x < 3; ++x) EXPECT_EQ(values.view().row(z, y)[x], 16 * z + 4 * y + x);
  EXPECT_EQ(summarize_datasets(path, 1).front().shape, (Lengths{4, 2, 3}));
  for (const auto& wrong : {std::vector<std::string>{"1", "2"}, {"0"}, {"x"}, {"-", "1"}}) {
    write(wrong);
    EXPECT_THAT([&] { open_volume(path); },
                ThrowsMessage<InputError>(HasSubstr("attribute ImageSizeX: is '")));
  }
}

}  // namespace
}  // namespace cleft
