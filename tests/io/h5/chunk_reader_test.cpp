#include "io/h5/chunk_reader.hpp"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;

constexpr std::size_t cache = std::size_t{1} << 20U;

std::vector<std::byte> deflated(std::size_t zeros) {
  std::vector<Bytef> in(zeros), out(compressBound(zeros));
  uLongf bytes = out.size();
  compress(out.data(), &bytes, in.data(), in.size());
  std::vector<std::byte> packed(bytes);
  std::memcpy(packed.data(), out.data(), bytes);
  return packed;
}

/// One chunk after the other, and several together on three threads.
class ChunkReaderTest : public testing::TestWithParam<h5::Decoding> {
 protected:
  ChunkReaderTest() { h5::start_library(); }

  /// What a filter pipeline does to 30 x 40 x 50 numbers.
  void expect_same(const std::function<void(hid_t)>& filters, bool swapped = false) {
    std::vector<std::uint16_t> values(30 * 40 * 50);
    std::iota(values.begin(), values.end(), std::uint16_t{7});
    const auto path = dir / "a.h5";
    h5::write_file(path, [&](h5::File& file) {
      const h5::Handle list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
      const h5::Shape chunk{7, 16, 50}, shape{30, 40, 50};
      H5Pset_chunk(list.get(), 3, chunk.data());
      filters(list.get());
      const h5::Handle space(H5Screate_simple(3, shape.data(), nullptr), "space", "make");
      const h5::Handle made(H5Dcreate2(file.id(), "d", swapped ? H5T_STD_U16BE : H5T_STD_U16LE, space.get(),
                                       H5P_DEFAULT, list.get(), H5P_DEFAULT),
                            "d", "create");
      ASSERT_GE(H5Dwrite(made.get(), H5T_NATIVE_UINT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
    });
    const auto file = h5::File::open_read(path);
    const auto dataset = file.dataset("d");
    for (const std::size_t cache_bytes : {cache, std::size_t{0}}) {
      h5::ChunkReader reader(dataset.id(), dataset.name(), cache_bytes, GetParam());
      ASSERT_TRUE(reader.decodes());
      std::vector<std::uint16_t> whole(values.size());
      ASSERT_FALSE(reader.read({0, 0, 0}, {30, 40, 50}, {30, 40, 50}, whole.data()));
      EXPECT_EQ(whole, values);
      std::vector<std::uint16_t> part(5 * 6 * 9, 0);
      ASSERT_FALSE(reader.read({5, 14, 3}, {4, 5, 8}, {5, 6, 9}, part.data()));
      for (std::size_t z = 0; z < 4; ++z)
        for (std::size_t y = 0; y < 5; ++y)
          for (std::size_t x = 0; x < 8; ++x)
            ASSERT_EQ(part[(z * 6 + y) * 9 + x], values[((z + 5) * 40 + y + 14) * 50 + x + 3]);
    }
  }

  /// A dataset of one chunk of 4 x 5 x 6 bytes, stored as `bytes`.
  std::optional<h5::ChunkProblem> problem_of(const std::vector<std::byte>& bytes, bool gzip,
                                             unsigned skipped = 0) {
    const auto path = dir / "b.h5";
    h5::write_file(path, [&](h5::File& file) {
      const auto dataset =
          file.create_dataset<std::uint8_t>("d", {4, 5, 6}, {.chunks = {4, 5, 6}, .gzip = gzip ? 1 : 0});
      const h5::Shape at{0, 0, 0};
      ASSERT_GE(H5Dwrite_chunk(dataset.id(), H5P_DEFAULT, skipped, at.data(), bytes.size(), bytes.data()), 0);
    });
    const auto file = h5::File::open_read(path);
    const auto dataset = file.dataset("d");
    h5::ChunkReader reader(dataset.id(), dataset.name(), cache, GetParam());
    std::vector<std::byte> out(120);
    return reader.read({0, 0, 0}, {4, 5, 6}, {4, 5, 6}, out.data());
  }

  test::TempDirectory dir;
};

TEST_P(ChunkReaderTest, ReadsWhatHdf5WroteThroughEveryUsualFilter) {
  expect_same([](hid_t list) { H5Pset_deflate(list, 6); });
  expect_same([](hid_t list) { H5Pset_shuffle(list), H5Pset_deflate(list, 1); });
  expect_same([](hid_t list) { H5Pset_fletcher32(list); });
  expect_same([](hid_t list) { H5Pset_shuffle(list), H5Pset_deflate(list, 1), H5Pset_fletcher32(list); });
  expect_same([](hid_t list) { H5Pset_fletcher32(list), H5Pset_shuffle(list), H5Pset_deflate(list, 9); });
  expect_same([](hid_t list) { H5Pset_deflate(list, 1), H5Pset_shuffle(list); });
  expect_same([](hid_t list) { H5Pset_shuffle(list), H5Pset_deflate(list, 1); }, true);
}

TEST_P(ChunkReaderTest, LeavesChunksThatAreStoredAsTheyAreToHdf5ButLooksAtThem) {
  const auto path = dir / "p.h5";
  h5::write_file(path, [](h5::File& file) {
    file.create_dataset<std::uint8_t>("d", {6}, {.chunks = {4}})
        .write_part<std::uint8_t>({0}, {4}, std::vector<std::uint8_t>(4, 1));
  });
  const auto file = h5::File::open_read(path);
  const auto dataset = file.dataset("d");
  const h5::ChunkReader reader(dataset.id(), "d", cache, GetParam());
  EXPECT_FALSE(reader.decodes());
  EXPECT_FALSE(reader.look({1}, {3}));
  EXPECT_TRUE(reader.look({1}, {4})->unwritten);
}

/// MATLAB writes 512 bytes of its own in front.
TEST_P(ChunkReaderTest, CountsFromWhereTheFileOfHdf5Begins) {
  const auto path = dir / "m.mat";
  const h5::Shape shape{6};
  {
    const h5::Handle creation(H5Pcreate(H5P_FILE_CREATE), "list", "make"),
        list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
    H5Pset_userblock(creation.get(), 512);
    H5Pset_chunk(list.get(), 1, shape.data());
    h5::File file(
        h5::Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), H5P_DEFAULT), "m", "make"), path);
    file.write("d", std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6}, shape, {.chunks = shape, .gzip = 1});
    file.close();
  }
  const auto file = h5::File::open_read(path);
  const auto dataset = file.dataset("d");
  std::vector<std::uint8_t> out(6);
  ASSERT_FALSE(h5::ChunkReader(dataset.id(), "d", cache, GetParam()).read({0}, {6}, {6}, out.data()));
  EXPECT_THAT(out, testing::ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_P(ChunkReaderTest, ReadsTypesOfEveryWidth) {
  for (const hid_t type : {H5T_STD_U32LE, H5T_STD_I64BE}) {
    const auto path = dir / "w.h5";
    const std::vector<std::int64_t> values{1, -2, 3, 1 << 20, 5, 6};
    h5::write_file(path, [&](h5::File& file) {
      file.create_dataset("d", type, {6}, {.chunks = {4}, .gzip = 1, .shuffle = true});
      ASSERT_GE(
          H5Dwrite(file.dataset("d").id(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
          0);
    });
    const auto file = h5::File::open_read(path);
    const auto dataset = file.dataset("d");
    h5::ChunkReader reader(dataset.id(), dataset.name(), cache, GetParam());
    if (type == H5T_STD_U32LE) {
      std::vector<std::uint32_t> out(6);
      ASSERT_FALSE(reader.read({0}, {6}, {6}, out.data()));
      EXPECT_THAT(out, testing::ElementsAre(1, 0, 3, 1 << 20, 5, 6));
    } else {
      std::vector<std::int64_t> out(6);
      ASSERT_FALSE(reader.read({0}, {6}, {6}, out.data()));
      EXPECT_EQ(out, values);
    }
  }
}

TEST_P(ChunkReaderTest, AChunkThatHoldsLessOrMoreThanItsShapeIsAProblem) {
  EXPECT_FALSE(problem_of(deflated(120), true));
  EXPECT_FALSE(problem_of(std::vector<std::byte>(120), true, 1));  // as it is: the filter was skipped
  EXPECT_THAT(problem_of(deflated(100), true)->text, HasSubstr("holds 100 bytes of the 120 of its shape"));
  EXPECT_THAT(problem_of(deflated(121), true)->text, HasSubstr("holds more than the 120 bytes of its shape"));
  EXPECT_THAT(problem_of(deflated(10'000'000), true)->text, HasSubstr("for the 120 of its shape"));
  EXPECT_THAT(problem_of(deflated(1'000'000), true)->text, HasSubstr("holds more than"));
  EXPECT_THAT(problem_of(std::vector<std::byte>(119), true, 1)->text,
              HasSubstr("holds 119 bytes; its shape has 120"));
  auto cut = deflated(120);
  cut.resize(cut.size() - 5);
  EXPECT_THAT(problem_of(cut, true)->text, HasSubstr("cannot be inflated"));
  EXPECT_THAT(problem_of(std::vector<std::byte>(60), true)->text, HasSubstr("cannot be inflated"));
}

TEST_P(ChunkReaderTest, AWrongChecksumIsAProblem) {
  const auto path = dir / "c.h5";
  const std::vector<std::uint8_t> values(64, 7);
  h5::write_file(path, [&](h5::File& file) {
    const h5::Handle list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
    const h5::Shape shape{64};
    H5Pset_chunk(list.get(), 1, shape.data());
    H5Pset_fletcher32(list.get());
    const h5::Handle space(H5Screate_simple(1, shape.data(), nullptr), "space", "make");
    const h5::Handle made(
        H5Dcreate2(file.id(), "d", H5T_NATIVE_UINT8, space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT), "d",
        "create");
    ASSERT_GE(H5Dwrite(made.get(), H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
  });
  std::string bytes = test::file_bytes(path);
  const auto at = bytes.find(std::string(64, '\7'));
  ASSERT_NE(at, std::string::npos);
  bytes[at + 30] = '\6';
  test::write_bytes(path, bytes);
  const auto file = h5::File::open_read(path);
  const auto dataset = file.dataset("d");
  h5::ChunkReader reader(dataset.id(), dataset.name(), cache, GetParam());
  std::vector<std::uint8_t> out(64);
  EXPECT_THAT(reader.read({0}, {64}, {64}, out.data())->text, HasSubstr("the checksum it should"));
}

TEST_P(ChunkReaderTest, ChunksThatWereNeverWrittenAreCountedAndAProblemUntilTheyAreTaken) {
  const auto path = dir / "d.h5";
  h5::write_file(path, [](h5::File& file) {
    const h5::Handle list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
    const h5::Shape shape{10, 10}, chunk{4, 4};
    const std::uint16_t fill = 0x1234;
    H5Pset_chunk(list.get(), 2, chunk.data());
    H5Pset_fill_value(list.get(), H5T_NATIVE_UINT16, &fill);
    H5Pset_deflate(list.get(), 1);
    const h5::Handle space(H5Screate_simple(2, shape.data(), nullptr), "space", "make");
    const h5::Handle made(
        H5Dcreate2(file.id(), "d", H5T_STD_U16BE, space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT), "d",
        "create");
    file.dataset("d").write_part<std::uint16_t>({4, 4}, {4, 4}, std::vector<std::uint16_t>(16, 5));
  });
  const auto file = h5::File::open_read(path);
  const auto dataset = file.dataset("d");
  h5::ChunkReader reader(dataset.id(), dataset.name(), cache, GetParam());
  EXPECT_EQ(reader.count_chunks().all, 9U);
  EXPECT_EQ(reader.count_chunks().unwritten, 8U);
  std::vector<std::uint16_t> out(4);
  EXPECT_FALSE(reader.read({5, 5}, {2, 2}, {2, 2}, out.data()));
  EXPECT_FALSE(reader.look({5, 5}, {2, 2}));
  const auto problem = reader.read({7, 7}, {2, 2}, {2, 2}, out.data());
  ASSERT_TRUE(problem);
  EXPECT_TRUE(problem->unwritten);
  EXPECT_THAT(problem->begin, testing::ElementsAre(4, 8));
  EXPECT_TRUE(reader.look({7, 7}, {2, 2}));
  reader.take_unwritten_as_fill();
  EXPECT_FALSE(reader.read({7, 7}, {2, 2}, {2, 2}, out.data()));
  EXPECT_THAT(out, testing::ElementsAre(5, 0x1234, 0x1234, 0x1234));
}

/// A dataset of 4 x 6 x 8 numbers whose one chunk has gone through h5py's LZF.
class LzfTest : public ChunkReaderTest {
 protected:
  std::optional<h5::ChunkProblem> read(const std::vector<unsigned char>& stored, std::uint32_t skipped = 0) {
    h5::write_file(dir / "lzf.h5", [&](h5::File& file) {
      const h5::Handle list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
      const h5::Shape shape{4, 6, 8};
      H5Pset_chunk(list.get(), 3, shape.data());
      // HDF5 asks for the filter only when it is to use it.
      ASSERT_GE(H5Pset_filter(list.get(), 32000, H5Z_FLAG_OPTIONAL, 0, nullptr), 0);
      const h5::Handle space(H5Screate_simple(3, shape.data(), nullptr), "space", "make");
      const h5::Handle made(
          H5Dcreate2(file.id(), "d", H5T_STD_U16LE, space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT), "d",
          "create");
      const h5::Shape begin{0, 0, 0};
      ASSERT_GE(H5Dwrite_chunk(made.get(), H5P_DEFAULT, skipped, begin.data(), stored.size(), stored.data()),
                0);
    });
    const auto file = h5::File::open_read(dir / "lzf.h5");
    const auto dataset = file.dataset("d");
    h5::ChunkReader reader(dataset.id(), dataset.name(), cache);
    EXPECT_TRUE(reader.decodes());
    values.assign(4 * 6 * 8, 0);
    return reader.read({0, 0, 0}, {4, 6, 8}, {4, 6, 8}, values.data());
  }
  std::vector<std::uint16_t> values;
};

TEST_F(LzfTest, IsReadAsH5pyHasWrittenIt) {
  // read_direct_chunk of h5py's dataset of (numpy.arange(192) // 5 % 7).astype('u2'), compression='lzf'
  const std::vector<unsigned char> stored{0x01, 0x00, 0x00, 0xc0, 0x00, 0x00, 0x01, 0xe0, 0x00, 0x01, 0x00,
                                          0x02, 0xe0, 0x00, 0x01, 0x00, 0x03, 0xe0, 0x00, 0x01, 0x00, 0x04,
                                          0xe0, 0x00, 0x01, 0x00, 0x05, 0xe0, 0x00, 0x01, 0x00, 0x06, 0xe0,
                                          0x00, 0x01, 0xe0, 0x01, 0x00, 0xe0, 0xff, 0x45, 0x80, 0x01, 0xe0,
                                          0x01, 0x00, 0xe1, 0x0d, 0x17, 0x01, 0x03, 0x00};
  ASSERT_FALSE(read(stored));
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i], i / 5 % 7) << i;

  for (std::size_t kept = 1; kept < stored.size(); ++kept)
    EXPECT_TRUE(read({stored.begin(), stored.begin() + static_cast<std::ptrdiff_t>(kept)})) << kept;
  auto longer = stored;
  longer.insert(longer.end(), {0, 0});
  EXPECT_TRUE(read(longer)) << "more than its shape";
  auto before_all = stored;
  before_all[4] = 0xff;
  EXPECT_TRUE(read(before_all)) << "a copy from before the first byte";
  // What LZF could not shrink h5py stores as it is.
  ASSERT_FALSE(read(std::vector<unsigned char>(384, 1), 1));
  EXPECT_THAT(values, testing::Each(0x0101));
}

TEST_P(ChunkReaderTest, WhateverWasReadBeforeTheSameIsRead) {
  const auto path = dir / "e.h5";
  const h5::Shape shape{23, 31}, chunk{4, 5};
  std::vector<std::uint16_t> values(23 * 31);
  std::iota(values.begin(), values.end(), std::uint16_t{1});
  h5::write_file(path, [&](h5::File& file) { file.write("d", values, shape, {.chunks = chunk, .gzip = 1}); });
  const auto file = h5::File::open_read(path);
  const auto dataset = file.dataset("d");
  Random random(11);
  const auto below = [&](hsize_t end) { return static_cast<hsize_t>(random.bits() % end); };
  for (const std::size_t kept : {0U, 3U, 30U}) {
    h5::ChunkReader reader(dataset.id(), dataset.name(), kept * 40, GetParam());
    for (int round = 0; round < 60; ++round) {
      const h5::Shape begin{below(23), below(31)};
      const h5::Shape count{1 + below(23 - begin[0]), 1 + below(31 - begin[1])};
      std::vector<std::uint16_t> out(count[0] * count[1]), expected;
      ASSERT_FALSE(reader.read(begin, count, count, out.data()));
      for (hsize_t y = begin[0]; y < begin[0] + count[0]; ++y)
        for (hsize_t x = begin[1]; x < begin[1] + count[1]; ++x) expected.push_back(values[y * 31 + x]);
      ASSERT_EQ(out, expected) << round;
    }
  }
}

/// Of 40 chunks the 7th and the 9th are damaged, and the 8th was never written.
TEST_P(ChunkReaderTest, OfManyChunksThatHaveAProblemTheFirstIsTold) {
  const auto path = dir / "f.h5";
  h5::write_file(path, [&](h5::File& file) {
    const h5::Handle list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
    const h5::Shape shape{400}, chunk{10};
    H5Pset_chunk(list.get(), 1, chunk.data());
    H5Pset_deflate(list.get(), 1);
    const h5::Handle space(H5Screate_simple(1, shape.data(), nullptr), "space", "make");
    const h5::Handle made(
        H5Dcreate2(file.id(), "d", H5T_STD_U8LE, space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT), "d",
        "create");
    for (hsize_t n = 0; n < 40; ++n) {
      const h5::Shape at{10 * n};
      const auto bytes = deflated(n == 7 || n == 9 ? 8 : 10);
      if (n == 8) continue;
      ASSERT_GE(H5Dwrite_chunk(made.get(), H5P_DEFAULT, 0, at.data(), bytes.size(), bytes.data()), 0);
    }
  });
  const auto file = h5::File::open_read(path);
  const auto dataset = file.dataset("d");
  h5::ChunkReader reader(dataset.id(), dataset.name(), cache, GetParam());
  std::vector<std::uint8_t> out(400);
  for (int time = 0; time < 2; ++time) {
    const auto problem = reader.read({0}, {400}, {400}, out.data());
    ASSERT_TRUE(problem);
    EXPECT_THAT(problem->begin, testing::ElementsAre(70));
    EXPECT_THAT(problem->text, HasSubstr("holds 8 bytes of the 10 of its shape"));
  }
  EXPECT_TRUE(reader.read({80}, {320}, {320}, out.data())->unwritten);
  EXPECT_THAT(reader.read({85}, {320 - 85}, {320}, out.data())->begin, testing::ElementsAre(80));
  EXPECT_FALSE(reader.read({0}, {70}, {70}, out.data()));
  EXPECT_FALSE(reader.read({100}, {300}, {300}, out.data()));
}

TEST_P(ChunkReaderTest, AsManyAreDecodedTogetherAsMemoryAllows) {
  const auto path = dir / "g.h5";
  h5::write_file(path, [](h5::File& file) {
    file.create_dataset<std::uint8_t>("d", {1 << 22}, {.chunks = {1 << 20}, .gzip = 1});
  });
  const auto file = h5::File::open_read(path);
  const auto dataset = file.dataset("d");
  const auto at_once = [&](int threads, std::size_t mebibytes) {
    return h5::ChunkReader(dataset.id(), "d", cache, {threads, mebibytes << 20U}).chunks_at_once();
  };
  EXPECT_EQ(at_once(1, 1000), 1U);
  EXPECT_EQ(at_once(8, 0), 1U);
  EXPECT_EQ(at_once(8, 12), 4U);
  EXPECT_EQ(at_once(8, 1000), 8U);
  EXPECT_EQ(at_once(100, 1000), 100U);
  EXPECT_EQ(at_once(100, 30), 10U);
}

INSTANTIATE_TEST_SUITE_P(Decoding, ChunkReaderTest,
                         testing::Values(h5::Decoding{}, h5::Decoding{3, std::size_t{1} << 20U}));

}  // namespace
}  // namespace cleft
