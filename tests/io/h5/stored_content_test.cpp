#include "io/h5/stored_content.hpp"

#include <filesystem>
#include <fstream>
#include <numeric>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using h5::Shape;
using testing::HasSubstr;

constexpr std::size_t large = (std::size_t{8} << 20U);

/// How a dataset is laid out: chunks (none: contiguous) and what they go through.
struct Layout {
  Shape chunk;
  int deflate = 0;
  bool big_endian = false;
};

class StoredContentTest : public testing::Test {
 protected:
  StoredContentTest() { h5::start_library(); }

  /// Numbers that do not compress to nothing, as 16 x 1024 x (count / 16384).
  static std::vector<std::uint8_t> noise(std::size_t count) {
    std::minstd_rand random(3);
    std::vector<std::uint8_t> values(count);
    for (auto& value : values) value = static_cast<std::uint8_t>(random() >> 20U & 31U);
    return values;
  }
  static Shape shape_of(std::size_t count) { return {16, 1024, count / 16384}; }

  std::filesystem::path write(const std::string& name, const std::vector<std::uint8_t>& values,
                              const Layout& layout) {
    const auto path = dir / name;
    h5::write_file(path, [&](h5::File& file) {
      const Shape shape = shape_of(values.size());
      const h5::Handle list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
      if (!layout.chunk.empty()) H5Pset_chunk(list.get(), 3, layout.chunk.data());
      if (layout.deflate > 0) H5Pset_deflate(list.get(), static_cast<unsigned>(layout.deflate));
      const h5::Handle space(H5Screate_simple(3, shape.data(), nullptr), "space", "make");
      const h5::Handle made(H5Dcreate2(file.id(), "d", layout.big_endian ? H5T_STD_U16BE : H5T_STD_U8LE,
                                       space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT),
                            "d", "create");
      ASSERT_GE(H5Dwrite(made.get(), H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
    });
    return path;
  }
  static h5::StoredContent look(const std::filesystem::path& path) {
    const auto file = h5::File::open_read(path);
    return h5::stored_content(file.dataset("d"), file).value();
  }
  static void change(const std::filesystem::path& path, const Shape& at, std::uint8_t value) {
    auto file = h5::File::open_write(path);
    file.dataset("d").write_part<std::uint8_t>(at, {1, 1, 1}, std::vector<std::uint8_t>{value});
  }
  test::TempDirectory dir;
};

const std::vector<Layout> layouts{{}, {{4, 256, 16}}, {{4, 256, 16}, 1}};

TEST_F(StoredContentTest, AnyChangeOfASmallDatasetIsSeen) {
  constexpr std::size_t count = std::size_t{16} * 1024 * 32;
  for (const Layout& layout : layouts) {
    const auto path = write("a.h5", noise(count), layout);
    const auto before = look(path);
    EXPECT_FALSE(before.sampled);
    for (const Shape& at : {Shape{0, 0, 0}, Shape{7, 511, 17}, Shape{15, 1023, 31}}) {
      change(path, at, 200);
      EXPECT_NE(look(path).checksum, before.checksum) << before.layout;
      std::filesystem::remove(path);
      write("a.h5", noise(count), layout);
      EXPECT_EQ(look(path).checksum, before.checksum);
    }
  }
}

TEST_F(StoredContentTest, WhatElseIsInTheFileDoesNotCount) {
  for (const Layout& layout : layouts) {
    const auto path = write("a.h5", noise(large), layout);
    const auto before = look(path);
    EXPECT_TRUE(before.sampled);
    {
      auto file = h5::File::open_write(path);
      file.write("more", noise(large), {large});
      file.dataset("d").set_attribute("note", "text");
    }
    const auto after = look(path);
    EXPECT_EQ(after.checksum, before.checksum) << before.layout;
    EXPECT_EQ(after.bytes, before.bytes);
    EXPECT_EQ(after.layout, before.layout);
  }
}

TEST_F(StoredContentTest, OfALargeDatasetTheEndsAndEveryCompressedChunkCount) {
  for (const Layout& layout : layouts) {
    const auto path = write("a.h5", noise(large), layout);
    const auto before = look(path);
    const Shape last{15, 1023, large / 16384 - 1};
    for (const Shape& at : {Shape{0, 0, 0}, last}) {
      const auto copy = dir / "copy.h5";
      std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
      EXPECT_EQ(look(copy).checksum, before.checksum);
      change(copy, at, 200);
      EXPECT_NE(look(copy).checksum, before.checksum) << before.layout;
    }
    if (layout.deflate == 0) continue;
    // 4 x 4 x 32 chunks, of which 128 are looked at: all others are seen by their size.
    for (hsize_t z = 0; z < 16; z += 4)
      for (hsize_t x = 0; x < large / 16384; x += 64) {
        const auto copy = dir / "copy.h5";
        std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
        {
          auto file = h5::File::open_write(copy);
          file.dataset("d").write_part<std::uint8_t>({z, 300, x}, {4, 64, 16},
                                                     std::vector<std::uint8_t>(4 * 64 * 16, 9));
        }
        EXPECT_NE(look(copy).checksum, before.checksum) << z << ' ' << x;
      }
  }
}

TEST_F(StoredContentTest, ChunksThatWereNeverWrittenCount) {
  const auto make = [&](bool second) {
    h5::write_file(dir / "a.h5", [&](h5::File& file) {
      auto dataset = file.create_dataset<std::uint8_t>("d", {4, 4, 4}, {.chunks = {2, 4, 4}});
      dataset.write_part<std::uint8_t>({0, 0, 0}, {2, 4, 4}, std::vector<std::uint8_t>(32, 0));
      if (second) dataset.write_part<std::uint8_t>({2, 0, 0}, {2, 4, 4}, std::vector<std::uint8_t>(32, 0));
    });
    return look(dir / "a.h5");
  };
  const auto one = make(false), both = make(true);
  EXPECT_EQ(one.bytes, 32);
  EXPECT_EQ(both.bytes, 64);
  EXPECT_NE(one.checksum, both.checksum);
}

TEST_F(StoredContentTest, SaysHowItIsLaidOut) {
  const auto values = noise(16384);
  EXPECT_EQ(look(write("a.h5", values, {})).layout, "contiguous");
  EXPECT_EQ(look(write("b.h5", values, {{4, 256, 1}, 1})).layout, "chunks of 4, 256, 1 (deflate)");
  const auto big = look(write("c.h5", values, {{4, 256, 1}, 0, true}));
  EXPECT_EQ(big.layout, "chunks of 4, 256, 1");
  EXPECT_EQ(big.bytes, 2 * 16384);
}

TEST_F(StoredContentTest, OfAVirtualDatasetThereIsNone) {
  write("a.h5", noise(16384), {});
  h5::write_file(dir / "v.h5", [&](h5::File& file) {
    const Shape shape = shape_of(16384);
    const h5::Handle list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
    const h5::Handle space(H5Screate_simple(3, shape.data(), nullptr), "space", "make");
    ASSERT_GE(H5Pset_virtual(list.get(), space.get(), "a.h5", "/d", space.get()), 0);
    const h5::Handle made(
        H5Dcreate2(file.id(), "d", H5T_STD_U8LE, space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT), "d",
        "create");
  });
  const auto file = h5::File::open_read(dir / "v.h5");
  EXPECT_FALSE(h5::stored_content(file.dataset("d"), file).has_value());
}

TEST_F(StoredContentTest, OfADatasetWithBillionsOfChunksItDoesNotTakeForever) {
  h5::write_file(dir / "a.h5", [](h5::File& file) {
    auto dataset =
        file.create_dataset<std::uint8_t>("d", {1 << 16, 1 << 16, 1 << 8}, {.chunks = {1, 16, 16}});
    dataset.write_part<std::uint8_t>({0, 0, 0}, {1, 16, 16}, std::vector<std::uint8_t>(256, 1));
  });
  const auto content = look(dir / "a.h5");  // 2^32 chunks
  EXPECT_EQ(content.bytes, 256);
  EXPECT_TRUE(content.sampled);
}

}  // namespace
}  // namespace cleft
