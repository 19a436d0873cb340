#include "io/volume/volume_reader.hpp"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// Value of each voxel says where it is.
std::vector<std::uint16_t> counted(const h5::Shape& shape) {
  std::vector<std::uint16_t> values(
      std::accumulate(shape.begin(), shape.end(), hsize_t{1}, std::multiplies<>()));
  std::iota(values.begin(), values.end(), std::uint16_t{0});
  return values;
}

class VolumeReaderTest : public testing::Test {
 protected:
  VolumePath volume(const std::function<void(h5::File&)>& fill) {
    const VolumePath path{dir / "v.h5", "/raw"};
    h5::write_file(path.file, fill);
    return path;
  }
  template <class T>
  VolumePath volume(const std::vector<T>& values, const h5::Shape& shape, const h5::Layout& layout = {}) {
    return volume([&](h5::File& file) { file.write("raw", values, shape, layout); });
  }
  test::TempDirectory dir;
};

/// Every voxel of `box` must hold its position in a volume of `extent`.
void expect_counted(const VolumeReader& reader, const Box& box) {
  Array3<std::uint16_t> out(box.extent());
  reader.read(box, out.view());
  for (std::int64_t z = box.begin.z; z < box.end.z; ++z)
    for (std::int64_t y = box.begin.y; y < box.end.y; ++y)
      for (std::int64_t x = box.begin.x; x < box.end.x; ++x)
        ASSERT_EQ(out(z - box.begin.z, y - box.begin.y, x - box.begin.x),
                  linear_index(GlobalVoxel{z, y, x}, reader.extent()));
}

TEST_F(VolumeReaderTest, ABoxOfADatasetIsAVolumeOfItsOwn) {
  // In the order of memory and in another, so that both ways of reading are taken.
  for (const std::string& axes : {std::string("zyx"), std::string("xyz")}) {
    const h5::Shape shape = axes == "zyx" ? h5::Shape{7, 9, 11} : h5::Shape{11, 9, 7};
    VolumePath path = volume(counted(shape), shape, {.chunks = {3, 4, 5}});
    path.options.axes = axes;
    const VolumeReader whole(path);
    path.options.box = Box{{2, 0, 3}, {6, end_of_axis, end_of_axis}};
    const VolumeReader part(path);
    const Box box{{2, 0, 3}, {6, 9, 11}};
    EXPECT_EQ(part.extent(), box.extent());
    EXPECT_EQ(part.source().box(), box);
    EXPECT_EQ(part.path().options.box, box);
    EXPECT_EQ(part.source().dataset_place().extent, (Extent{7, 9, 11}));
    for (const Box& inner : {whole_box(box.extent()), Box{{1, 2, 3}, {3, 9, 5}}}) {
      Array3<std::uint16_t> expected(inner.extent()), same(inner.extent());
      Array3<float> converted(inner.extent());
      const Extent shift = box.begin - GlobalVoxel{};
      whole.read(Box{inner.begin + shift, inner.end + shift}, expected.view());
      part.read(inner, same.view());
      part.read(inner, converted.view());
      for (std::int64_t n = 0; n < expected.size(); ++n) {
        ASSERT_EQ(same.data()[n], expected.data()[n]) << axes;
        ASSERT_EQ(converted.data()[n], expected.data()[n]) << axes;
      }
    }
  }
}

TEST_F(VolumeReaderTest, ABoxBeyondTheDatasetIsRefused) {
  VolumePath path = volume(counted({7, 9, 11}), {7, 9, 11});
  path.options.box_key = "run.yaml:1: volume.box";
  for (const Box& box :
       {Box{{0, 0, 0}, {8, 9, 11}}, Box{{7, 0, 0}, {end_of_axis, 9, 11}}, Box{{3, 3, 3}, {3, 5, 5}}}) {
    path.options.box = box;
    EXPECT_THAT([&] { VolumeReader{path}; },
                ThrowsMessage<InputError>(AllOf(HasSubstr("run.yaml:1: volume.box: is z "),
                                                HasSubstr("v.h5:/raw: z 0:7, y 0:9, x 0:11"))));
  }
}

TEST_F(VolumeReaderTest, SaysWhereItLies) {
  const auto path = volume([](h5::File& file) {
    auto raw = file.write("raw", counted({7, 9, 11}), {7, 9, 11});
    raw.set_attribute("resolution", std::vector<double>{40, 4, 5});
    raw.set_attribute("offset", std::vector<double>{400, -8, 0});
  });
  EXPECT_EQ(VolumeReader(path).place().offset, (PerAxis<double>{400, -8, 0}));
  VolumePath part = path;
  part.options.box = Box{{1, 2, 3}, {4, 5, 6}};
  EXPECT_EQ(VolumeReader(part).place().offset, (PerAxis<double>{440, 0, 15}));
  EXPECT_EQ(VolumeReader(part).place().extent, (Extent{3, 3, 3}));
  EXPECT_EQ(VolumeReader(part).source().dataset_place().offset, (PerAxis<double>{400, -8, 0}));
}

TEST_F(VolumeReaderTest, ReadsAnyBoxWhateverTheLayout) {
  const h5::Shape shape{7, 9, 11};
  for (const h5::Layout& layout :
       {h5::Layout{}, h5::Layout{.chunks = {3, 4, 5}}, h5::Layout{.chunks = {7, 1, 2}, .gzip = 6},
        h5::Layout{.chunks = {1, 9, 11}, .gzip = 1, .shuffle = true}}) {
    const VolumeReader reader(volume(counted(shape), shape, layout));
    EXPECT_EQ(reader.extent(), (Extent{7, 9, 11}));
    EXPECT_EQ(reader.chunk().has_value(), !layout.chunks.empty());
    expect_counted(reader, whole_box(reader.extent()));
    Random random(3);
    for (int i = 0; i < 20; ++i) {
      const auto low = [&](std::uint32_t n) { return static_cast<std::int64_t>(random.below(n)); };
      const GlobalVoxel begin{low(7), low(9), low(11)};
      expect_counted(reader, {begin,
                              {begin.z + 1 + low(static_cast<std::uint32_t>(7 - begin.z)),
                               begin.y + 1 + low(static_cast<std::uint32_t>(9 - begin.y)),
                               begin.x + 1 + low(static_cast<std::uint32_t>(11 - begin.x))}});
    }
  }
}

TEST_F(VolumeReaderTest, SetsSingletonAxesAside) {
  for (const h5::Shape& shape : {h5::Shape{4, 5, 6, 1}, {1, 4, 5, 6}, {4, 1, 5, 6}, {1, 4, 5, 6, 1}}) {
    const VolumeReader reader(volume(counted(shape), shape));
    EXPECT_EQ(reader.extent(), (Extent{4, 5, 6}));
    expect_counted(reader, {{1, 2, 3}, {4, 4, 5}});
  }
}

TEST_F(VolumeReaderTest, FillsAPartOfAnArrayAndNothingElse) {
  const VolumeReader reader(volume(counted({3, 4, 5}), {3, 4, 5}));
  Array3<std::uint64_t> out({4, 6, 8});
  out.fill(999);
  const Box box{{1, 1, 2}, {3, 3, 5}};
  reader.read(box, out.view().part({1, 2, 3}, box.extent()));
  for (std::int64_t z = 0; z < 4; ++z)
    for (std::int64_t y = 0; y < 6; ++y)
      for (std::int64_t x = 0; x < 8; ++x) {
        const GlobalVoxel source{z, y - 1, x - 1};
        const bool inside = box.contains(source);
        ASSERT_EQ(out(z, y, x),
                  inside ? static_cast<std::uint64_t>(linear_index(source, reader.extent())) : 999U);
      }
}

TEST_F(VolumeReaderTest, KnowsEachTypeAndRoundsToFloatWhenToldTo) {
  const auto check = [&](auto value, ElementType type) {
    VolumePath path = volume(std::vector<decltype(value)>(8, value), {2, 2, 2});
    path.options.conversion = Conversion::nearest;
    const VolumeReader reader(path);
    EXPECT_EQ(reader.type(), type) << to_string(type);
    EXPECT_EQ(size_of(type), sizeof(value));
    Array3<float> out({2, 2, 2});
    reader.read(whole_box(reader.extent()), out.view());
    EXPECT_EQ(out(1, 1, 1), static_cast<float>(value)) << to_string(type);
  };
  check(std::uint8_t{200}, ElementType::uint8);
  check(std::uint16_t{50000}, ElementType::uint16);
  check(std::uint32_t{4000000001}, ElementType::uint32);
  check(std::uint64_t{1} << 63U, ElementType::uint64);
  check(std::int8_t{-100}, ElementType::int8);
  check(std::int16_t{-30000}, ElementType::int16);
  check(std::int32_t{-70000}, ElementType::int32);
  check(std::int64_t{-5}, ElementType::int64);
  check(0.25F, ElementType::float32);
  check(0.1, ElementType::float64);
}

TEST_F(VolumeReaderTest, AValueThatDoesNotFitIsAnErrorAndNotClamped) {
  const auto read_into = [](const VolumePath& path, auto value) {
    const VolumeReader reader(path);
    Array3<decltype(value)> out({1, 2, 2});
    reader.read(whole_box(reader.extent()), out.view());
    return out(0, 1, 1);
  };
  const auto large = volume(std::vector<std::uint16_t>{1, 2, 3, 300}, {1, 2, 2});
  EXPECT_THAT([&] { read_into(large, std::uint8_t{}); },
              ThrowsMessage<InputError>(HasSubstr(
                  "v.h5:/raw: holds 300 (uint16) at z 0, y 1, x 1; expected whole numbers from 0 to 255")));
  EXPECT_EQ(read_into(large, std::uint16_t{}), 300);
  const auto negative = volume(std::vector<std::int64_t>{1, 2, 3, -1}, {1, 2, 2});
  EXPECT_THROW(read_into(negative, std::uint64_t{}), InputError);
  const auto fraction = volume(std::vector<double>{1, 2, 3, 0.5}, {1, 2, 2});
  EXPECT_THROW(read_into(fraction, std::uint8_t{}), InputError);
  const auto whole = volume(std::vector<double>{1, 2, 3, 4}, {1, 2, 2});
  EXPECT_EQ(read_into(whole, std::uint8_t{}), 4);
}

TEST_F(VolumeReaderTest, AGreyValueThatFloatCannotHoldIsAnErrorThatNamesTheWayOut) {
  VolumePath path = volume(std::vector<double>{1, 2.5, 0.1, 3}, {1, 2, 2});
  path.options.conversion_key = "volume.convert";
  const auto read = [&] {
    const VolumeReader reader(path);
    Array3<float> out(reader.extent());
    reader.read(whole_box(reader.extent()), out.view());
    return out(0, 1, 0);
  };
  EXPECT_THAT(read,
              ThrowsMessage<InputError>(HasSubstr(
                  "v.h5:/raw: holds 0.1 (float64) at z 0, y 1, x 0; expected numbers that float32 holds "
                  "exactly, or volume.convert: nearest to round them")));
  path.options.conversion = Conversion::nearest;
  EXPECT_EQ(read(), 0.1F);
  path = volume(std::vector<std::uint32_t>{1, 2, 1U << 24U, 3}, {1, 2, 2});
  EXPECT_EQ(read(), 0x1p24F);
}

TEST_F(VolumeReaderTest, NamesThePlaceOfAMisfitInTheVolumeWhateverTheOrderOfAxes) {
  const auto path = volume([](h5::File& file) {
    std::vector<std::int32_t> values(7 * 6 * 5, 1);
    values[(6 * 6 + 4) * 5 + 3] = -2;  // x 6, z 4, y 3
    auto raw = file.write("raw", values, {7, 6, 5}, {.chunks = {2, 2, 2}});
    raw.set_attribute("axes", "xzy");
  });
  const VolumeReader reader(path);
  ASSERT_EQ(reader.extent(), (Extent{6, 5, 7}));
  EXPECT_EQ(reader.chunk(), (Extent{2, 2, 2}));
  const Box box{{1, 1, 1}, {6, 5, 7}};
  Array3<std::uint8_t> out(box.extent());
  EXPECT_THAT([&] { reader.read(box, out.view()); },
              ThrowsMessage<InputError>(HasSubstr("holds -2 (int32) at z 4, y 3, x 6")));
}

TEST_F(VolumeReaderTest, OfOneChannelRefusesSeveral) {
  const auto path = volume([](h5::File& file) {
    file.write("raw", counted({2, 3, 4, 2}), {2, 3, 4, 2}).set_attribute("axes", "zyxc");
  });
  EXPECT_THAT(
      [&] { VolumeReader{path}; },
      ThrowsMessage<InputError>(HasSubstr("has 2 channels: axes z, y, x, c and shape 2 x 3 x 4 x 2; expected "
                                          "a volume of one channel")));
  EXPECT_THAT([&] { VolumeReader(path, 2); }, ThrowsMessage<InputError>(HasSubstr("expected a channel 2")));
  EXPECT_EQ(VolumeReader(path, 1).channel_count(), 2U);
}

TEST_F(VolumeReaderTest, KeepsOfAnOrderFromOutsideOnlyWhatMakesADifference) {
  const auto kept = [&](const h5::Shape& shape, const ReadOptions& options, const char* in_file = nullptr) {
    VolumePath path = volume([&](h5::File& file) {
      auto raw = file.write("raw", counted(shape), shape);
      if (in_file != nullptr) raw.set_attribute("axes", in_file);
    });
    path.options = options;
    const VolumeReader reader(path, 0);
    EXPECT_EQ(reader.path().options.recorded_axes, "");
    return reader.path().options.axes;
  };
  EXPECT_EQ(kept({4, 5, 6, 3}, {.axes = "zyxc", .axes_key = "volume.axes"}), "zyxc");
  EXPECT_EQ(kept({4, 5, 6, 3}, {.recorded_axes = "zyxc"}), "zyxc");
  EXPECT_EQ(kept({4, 5, 6}, {.recorded_axes = "xyz"}), "xyz");
  EXPECT_EQ(kept({4, 5, 6}, {.recorded_axes = "zyx"}), "");
  EXPECT_EQ(kept({4, 5, 6}, {.recorded_axes = "zyxc"}), "");
  EXPECT_EQ(kept({4, 5, 6, 1}, {.recorded_axes = "zyxc"}), "");
  EXPECT_EQ(kept({1, 4, 5, 6}, {.recorded_axes = "tzyx"}), "");
  EXPECT_EQ(kept({4, 5, 6}, {.axes = "xyz", .axes_key = "volume.axes"}, "xyz"), "");
  EXPECT_EQ(kept({4, 5, 6}, {.recorded_axes = "xyz"}, "zyx"), "");
}

TEST_F(VolumeReaderTest, ReadsTruthValuesAsPythonWritesThem) {
  const auto with = [&](const std::vector<std::int8_t>& values) {
    return volume([&](h5::File& file) {
      const h5::Handle type(H5Tenum_create(H5T_NATIVE_INT8), "type", "create");
      const std::int8_t no = 0, yes = 1;
      H5Tenum_insert(type.get(), "FALSE", &no);
      H5Tenum_insert(type.get(), "TRUE", &yes);
      file.create_dataset("raw", type.get(), {1, 1, 2}).write_as(type.get(), values.data());
    });
  };
  const VolumeReader reader(with({0, 1}));
  EXPECT_EQ(reader.type(), ElementType::uint8);
  Array3<std::uint8_t> out({1, 1, 2});
  reader.read(whole_box(reader.extent()), out.view());
  EXPECT_EQ(out(0, 0, 0), 0);
  EXPECT_EQ(out(0, 0, 1), 1);
  const VolumeReader damaged(with({1, -1}));
  EXPECT_THAT([&] { damaged.read(whole_box(damaged.extent()), out.view()); },
              ThrowsMessage<InputError>(HasSubstr("holds truth values below 0")));
}

TEST_F(VolumeReaderTest, TellsWhatIsReadWithoutWaste) {
  const auto unit = [&](const char* axes, const h5::Layout& layout = {}) {
    const auto path = volume([&](h5::File& file) {
      file.write("raw", counted({4, 5, 6}), {4, 5, 6}, layout).set_attribute("axes", axes);
    });
    return VolumeReader(path).source().read_unit();
  };
  EXPECT_EQ(unit("zyx"), (Extent{1, 1, 6}));
  EXPECT_EQ(unit("xyz"), (Extent{6, 1, 1}));
  EXPECT_EQ(unit("xzy"), (Extent{1, 6, 1}));
  EXPECT_EQ(unit("xyz", {.chunks = {2, 3, 4}}), (Extent{4, 3, 2}));
}

TEST_F(VolumeReaderTest, WithoutADatasetTheOnlyOneIsMeant) {
  const auto path = volume(counted({2, 2, 2}), {2, 2, 2});
  EXPECT_EQ(VolumeReader({path.file, ""}).path().dataset, "/raw");
  EXPECT_EQ(VolumeReader({path.file, "raw"}).path().dataset, "/raw");
  volume([](h5::File& file) {
    file.write<int>("a", {1});
    file.write<int>("b", {1});
  });
  const std::string found =
      path.file.string() +
      ": holds several datasets (/a, /b), and the path names none of them; expected one "
      "of them behind the file, as in ";
  VolumePath whole{path.file, ""};
  EXPECT_THAT([&] { VolumeReader reader(whole); },
              ThrowsMessage<InputError>(found + path.file.string() + "/a"));
  whole.options.path_key = "volume.mask";
  EXPECT_THAT([&] { VolumeReader reader(whole); },
              ThrowsMessage<InputError>(found + "volume.mask: " + path.file.string() + "/a"));
}

TEST_F(VolumeReaderTest, RefusesMoreVoxelsThanAnybodyCanCountTheBytesOf) {
  const auto path = volume([](h5::File& file) {
    file.create_dataset<std::uint8_t>("raw", {1 << 20, 1 << 20, 1 << 12}, {.chunks = {64, 64, 64}});
  });
  EXPECT_THAT([&] { VolumeReader{path}; },
              ThrowsMessage<InputError>(HasSubstr("expected a volume of at most 1e15 voxels")));
}

TEST_F(VolumeReaderTest, RefusesWhatIsNoVolume) {
  EXPECT_THAT(
      [&] {
        VolumeReader(volume(counted({4, 4}), {4, 4}));
      },
      ThrowsMessage<InputError>(HasSubstr("v.h5:/raw: has 2 axes; expected 3 (z, y, x)")));
  EXPECT_THAT(
      [&] {
        VolumeReader(volume(counted({4, 0, 4}), {4, 0, 4}));
      },
      ThrowsMessage<InputError>(HasSubstr("has no voxels")));
  const auto huge = volume([](h5::File& file) {
    file.create_dataset<std::uint8_t>("raw", {hsize_t{1} << 30U, hsize_t{1} << 30U, hsize_t{1} << 30U},
                                      {.chunks = {64, 64, 64}});
  });
  EXPECT_THAT([&] { VolumeReader reader(huge); },
              ThrowsMessage<InputError>(HasSubstr("expected a volume of at most")));
  const auto text = volume([](h5::File& file) {
    const h5::Handle type(H5Tcopy(H5T_C_S1), "type", "copy");
    file.create_dataset("raw", type.get(), {2, 2, 2});
  });
  EXPECT_THAT([&] { VolumeReader reader(text); },
              ThrowsMessage<InputError>(HasSubstr("holds neither integers nor floating-point numbers")));
}

TEST_F(VolumeReaderTest, ChunksThatCannotBeAreRefusedBeforeTheyAreRead) {
  const auto path = volume(counted({20, 30, 40}), {20, 30, 40}, {.chunks = {8, 9, 10}, .gzip = 1});
  std::string bytes = test::file_bytes(path.file);
  const std::string stored{8, 0, 0, 0, 9, 0, 0, 0, 10, 0, 0, 0};
  const std::size_t chunks = bytes.find(stored);
  ASSERT_NE(chunks, std::string::npos);
  bytes[chunks + 4] = 99;
  test::write_bytes(path.file, bytes);
  EXPECT_THAT([&] { VolumeReader reader(path); },
              ThrowsMessage<IoError>(HasSubstr("v.h5:/raw: is damaged: chunks 99 long on an axis of 30")));
}

TEST_F(VolumeReaderTest, NumbersOfUnusualBitsAreRefused) {
  const auto path = volume([](h5::File& file) {
    const h5::Handle type(H5Tcopy(H5T_NATIVE_UINT16), "type", "copy");
    H5Tset_precision(type.get(), 12);
    file.create_dataset("raw", type.get(), {2, 2, 2});
  });
  EXPECT_THAT([&] { VolumeReader reader(path); },
              ThrowsMessage<InputError>(HasSubstr("holds numbers of an unusual kind")));
}

TEST_F(VolumeReaderTest, ADamagedChunkIsAnErrorThatNamesTheBox) {
  const auto path =
      volume(std::vector<std::uint16_t>(64 * 64 * 64, 7), {64, 64, 64}, {.chunks = {64, 64, 64}, .gzip = 9});
  std::string bytes = test::file_bytes(path.file);
  const std::size_t zlib_header = bytes.find("\x78\xda");
  ASSERT_NE(zlib_header, std::string::npos);
  bytes.replace(zlib_header + 2, 20, 20, '\xff');
  test::write_bytes(path.file, bytes);
  const VolumeReader reader(path);
  Array3<float> out(reader.extent());
  EXPECT_THAT([&] { reader.read(whole_box(reader.extent()), out.view()); },
              ThrowsMessage<IoError>(HasSubstr("v.h5:/raw: cannot read z 0:64, y 0:64, x 0:64")));
}

TEST(SharedVolume, OpensWithItsVoxelSize) {
  const std::filesystem::path file = std::filesystem::path(CLEFT_SHARED_DIR) / "data/drosophila-vnc/raw.h5";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "skipped: shared data not present";
  const VolumeReader reader({file, "/raw"});
  EXPECT_EQ(reader.extent(), (Extent{20, 1024, 1024}));
  EXPECT_EQ(reader.voxel_size(), (VoxelSize{47.5, 4.6, 4.6}));
  EXPECT_EQ(reader.chunk(), (Extent{4, 256, 256}));
  EXPECT_EQ(reader.type(), ElementType::uint8);
}

}  // namespace
}  // namespace cleft
