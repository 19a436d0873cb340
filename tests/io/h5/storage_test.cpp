#include "io/h5/storage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::ThrowsMessage;

struct Source {
  std::string file, dataset;
  h5::Shape shape;                // as the virtual dataset says
  h5::Shape begin, count;         // in the virtual dataset; all of the source
  hsize_t stride = 0, times = 1;  // along the first axis; H5S_UNLIMITED times: for ever
};

class StorageTest : public testing::Test {
 protected:
  void part(const std::string& name, const h5::Shape& shape, const h5::Layout& layout = {}) {
    h5::write_file(dir / name, [&](h5::File& file) {
      std::size_t count = 1;
      for (const hsize_t n : shape) count *= n;
      file.write("v", std::vector<std::uint8_t>(count, 1), shape, layout);
    });
  }

  void virtual_file(const h5::Shape& shape, const std::vector<Source>& sources,
                    const std::string& name = "a.h5", bool endless = false) {
    h5::write_file(dir / name, [&](h5::File& file) {
      const h5::Handle list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
      const h5::Shape longest{endless ? H5S_UNLIMITED : shape[0], shape[1]};
      const h5::Handle space(H5Screate_simple(2, shape.data(), longest.data()), "space", "make");
      for (const Source& source : sources) {
        const h5::Shape stride{source.stride > 0 ? source.stride : 1, 1}, times{source.times, 1};
        H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, source.begin.data(), stride.data(), times.data(),
                            source.count.data());
        const h5::Handle from(
            H5Screate_simple(narrow<int>(source.shape.size()), source.shape.data(), nullptr), "space",
            "make");
        ASSERT_GE(
            H5Pset_virtual(list.get(), space.get(), source.file.c_str(), source.dataset.c_str(), from.get()),
            0);
      }
      H5Sselect_all(space.get());
      const h5::Handle made(
          H5Dcreate2(file.id(), "v", H5T_NATIVE_UINT8, space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT),
          "v", "create");
    });
  }

  h5::Storage look(bool count = false, bool outside = false, const std::string& name = "a.h5") {
    const auto file = h5::File::open_read(dir / name);
    return h5::storage_of(file.dataset("v"), dir / name, {{outside, "--follow-links"}, count});
  }

  test::TempDirectory dir;
};

TEST_F(StorageTest, AVirtualDatasetWithAllItsSourcesLacksNothing) {
  part("p0.h5", {2, 6});
  part("p1.h5", {2, 6});
  virtual_file({4, 6}, {{"p0.h5", "v", {2, 6}, {0, 0}, {2, 6}}, {"p1.h5", "/v", {2, 6}, {2, 0}, {2, 6}}});
  const h5::Storage storage = look();
  EXPECT_TRUE(storage.is_virtual);
  EXPECT_EQ(storage.source_count, 2U);
  EXPECT_THAT(storage.files, ElementsAre(dir / "p0.h5", dir / "p1.h5"));
  EXPECT_THAT(storage.lost, IsEmpty());
}

TEST_F(StorageTest, TellsEverySourceThatIsLost) {
  part("p0.h5", {2, 6});
  part("short.h5", {1, 6});
  ::mkfifo((dir / "pipe").c_str(), 0600);
  virtual_file({8, 6}, {{"p0.h5", "other", {2, 6}, {0, 0}, {2, 6}},
                        {"gone.h5", "v", {2, 6}, {2, 0}, {2, 6}},
                        {"short.h5", "v", {2, 6}, {4, 0}, {2, 6}},
                        {"pipe", "v", {1, 6}, {6, 0}, {1, 6}}});
  const auto lost = look().lost;
  ASSERT_THAT(lost, SizeIs(5));
  EXPECT_THAT(lost[0], HasSubstr("p0.h5:other: there is no such dataset"));
  EXPECT_THAT(lost[1], HasSubstr("gone.h5: there is no such file"));
  EXPECT_THAT(lost[2], HasSubstr("short.h5:v: is not as large as what is taken from it"));
  EXPECT_THAT(lost[3], HasSubstr("pipe: is a pipe"));
  EXPECT_THAT(lost[4], HasSubstr("6 of its 48 elements are in no source"));
}

TEST_F(StorageTest, LooksIntoSourcesThatAreVirtualOrNotWholeThemselves) {
  virtual_file({2, 6}, {{"gone.h5", "v", {2, 6}, {0, 0}, {2, 6}}}, "inner.h5");
  virtual_file({2, 6}, {{"inner.h5", "v", {2, 6}, {0, 0}, {2, 6}}});
  EXPECT_THAT(look().lost, ElementsAre(HasSubstr("gone.h5: there is no such file")));
  h5::write_file(dir / "sparse.h5", [](h5::File& file) {
    file.create_dataset<std::uint8_t>("v", {2, 6}, {.chunks = {1, 6}})
        .write_part<std::uint8_t>({0, 0}, {1, 6}, std::vector<std::uint8_t>(6, 1));
  });
  virtual_file({2, 6}, {{"sparse.h5", "v", {2, 6}, {0, 0}, {2, 6}}});
  EXPECT_THAT(look().lost, ElementsAre(HasSubstr("1 of its 2 chunks were never written")));
  virtual_file({2, 6}, {{"a.h5", "v", {2, 6}, {0, 0}, {2, 6}}});
  EXPECT_THAT(look().lost, IsEmpty());  // of itself: it ends
}

TEST_F(StorageTest, KnowsSourcesThatAreNamedByAPattern) {
  for (const auto* name : {"s-0.h5", "s-1.h5", "s-3.h5"}) part(name, {1, 6});
  virtual_file({4, 6}, {{"s-%b.h5", "v", {1, 6}, {0, 0}, {1, 6}, 1, H5S_UNLIMITED}}, "a.h5", true);
  const auto lost = look().lost;
  EXPECT_THAT(lost, ElementsAre(HasSubstr("s-2.h5: there is no such file")));
}

TEST_F(StorageTest, SourcesOutsideOfTheFolderNeedLeave) {
  std::filesystem::create_directory(dir / "in");
  part("p0.h5", {2, 6});
  virtual_file({2, 6}, {{"../p0.h5", "v", {2, 6}, {0, 0}, {2, 6}}}, "in/a.h5");
  EXPECT_THAT([&] { look(false, false, "in/a.h5"); },
              ThrowsMessage<InputError>(HasSubstr("leads out of the file's folder")));
  EXPECT_THAT(look(false, true, "in/a.h5").lost, IsEmpty());
}

TEST_F(StorageTest, ExternalRawDataMustBeAsLongAsTheyShould) {
  const auto with_raw = [&](const std::string& raw) {
    h5::write_file(dir / "a.h5", [&](h5::File& file) {
      const h5::Handle list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
      H5Pset_external(list.get(), raw.c_str(), 10, H5F_UNLIMITED);
      const h5::Shape shape{4, 6};
      const h5::Handle space(H5Screate_simple(2, shape.data(), nullptr), "space", "make");
      const h5::Handle made(
          H5Dcreate2(file.id(), "v", H5T_NATIVE_UINT8, space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT),
          "v", "create");
    });
  };
  with_raw("raw.bin");
  EXPECT_THAT(look().lost, ElementsAre(HasSubstr("raw.bin: there is no such file")));
  test::write_bytes(dir / "raw.bin", std::string(33, 'x'));
  EXPECT_THAT(look().lost, ElementsAre(HasSubstr("raw.bin: has 33 bytes of the 34 that are to be in it")));
  test::write_bytes(dir / "raw.bin", std::string(34, 'x'));
  EXPECT_THAT(look().lost, IsEmpty());
  EXPECT_THAT(look().files, ElementsAre(dir / "raw.bin"));
  const auto file = h5::File::open_read(dir / "a.h5");  // beside it, wherever the program is
  EXPECT_THAT(file.dataset("v").read<std::uint8_t>(), testing::Each('x'));
  with_raw("/etc/hostname");
  EXPECT_THAT([&] { look(); }, ThrowsMessage<InputError>(HasSubstr("its raw data: leads out")));
}

TEST_F(StorageTest, WhatWasNeverWrittenIsToldApartFromZeros) {
  h5::write_file(dir / "a.h5", [](h5::File& file) {
    file.create_dataset<std::uint8_t>("v", {4, 6});
    file.write("zeros", std::vector<std::uint8_t>(24), {4, 6});
    file.create_dataset<std::uint8_t>("chunks", {4, 6}, {.chunks = {2, 2}});
  });
  EXPECT_TRUE(look().all_unwritten);
  const auto file = h5::File::open_read(dir / "a.h5");
  EXPECT_FALSE(h5::storage_of(file.dataset("zeros"), dir / "a.h5", {}).all_unwritten);
  const auto chunks = h5::storage_of(file.dataset("chunks"), dir / "a.h5", {{}, true});
  EXPECT_EQ(chunks.chunks, 6U);
  EXPECT_EQ(chunks.unwritten, 6U);
  EXPECT_TRUE(chunks.all_unwritten);
}

}  // namespace
}  // namespace cleft
