#include "io/h5/chunk_sizes.hpp"

#include <fstream>
#include <iterator>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/chunk_reader.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;
using Sizes = std::map<h5::Shape, std::uint64_t>;

/// The formats of HDF5's versions, and whether MATLAB's 512 bytes stand in front.
struct Format {
  H5F_libver_t low, high;
  hsize_t user_block;
};

std::string lowest_first(std::uint64_t number, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(number >> 8U * i & 0xffU);
  return text;
}

class ChunkSizesTest : public testing::TestWithParam<Format> {
 protected:
  static constexpr hsize_t rows = 40, columns = 300, chunk_rows = 2, chunk_columns = 3;
  static constexpr std::uint64_t chunk_bytes = chunk_rows * chunk_columns * 2;

  ChunkSizesTest() { h5::start_library(); }

  /// 2000 chunks: several levels of the tree. Attributes come before and after it.
  std::string sound() {
    const auto path = dir / "a.h5";
    const h5::Handle access(H5Pcreate(H5P_FILE_ACCESS), "list", "make"),
        creation(H5Pcreate(H5P_FILE_CREATE), "list", "make"),
        list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
    H5Pset_libver_bounds(access.get(), GetParam().low, GetParam().high);
    H5Pset_userblock(creation.get(), GetParam().user_block);
    const h5::Shape shape{rows, columns}, chunk{chunk_rows, chunk_columns};
    H5Pset_chunk(list.get(), 2, chunk.data());
    h5::File file(
        h5::Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), "a", "make"), path);
    {
      auto dataset = file.create_dataset("d", H5T_STD_U16LE, shape, {.chunks = chunk});
      for (int i = 0; i < 20; ++i) dataset.set_attribute("note " + std::to_string(i), std::string(100, 'n'));
      dataset.write_part<std::uint16_t>({0, 0}, shape, std::vector<std::uint16_t>(rows * columns, 7));
    }
    file.close();
    return bytes_of(path);
  }
  static std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// How a chunk stands in the tree: bytes, filters that were left out, its first element, 0.
  static std::string key(std::uint64_t bytes, hsize_t row, hsize_t column) {
    return lowest_first(bytes, 4) + lowest_first(0, 4) + lowest_first(row, 8) + lowest_first(column, 8) +
           lowest_first(0, 8);
  }
  static void replace(std::string& bytes, const std::string& old, const std::string& by) {
    const auto at = bytes.find(old);
    ASSERT_NE(at, std::string::npos);
    bytes.replace(at, by.size(), by);
  }
  std::filesystem::path written(const std::string& bytes) {
    test::write_bytes(dir / "b.h5", bytes);
    return dir / "b.h5";
  }
  static Sizes sizes_of(const h5::File& file) {
    const auto dataset = file.dataset("d");
    return h5::chunks_of_other_size(dataset.id(), dataset.name(), chunk_bytes);
  }
  Sizes sizes_of_bytes(const std::string& bytes) { return sizes_of(h5::File::open_read(written(bytes))); }
  bool has_tree() const { return GetParam().low < H5F_LIBVER_V110; }
  test::TempDirectory dir;
};

TEST_P(ChunkSizesTest, OfASoundFileNoneDiffers) {
  EXPECT_THAT(sizes_of_bytes(sound()), IsEmpty());
}

TEST_P(ChunkSizesTest, EveryChunkOfAnotherSizeIsFound) {
  if (!has_tree()) GTEST_SKIP() << "sizes are not in the file";
  std::string bytes = sound();
  replace(bytes, key(chunk_bytes, 0, 3), key(11, 0, 3));  // the first one's key stands in upper nodes, too
  replace(bytes, key(chunk_bytes, 20, 150), key(0, 20, 150));
  replace(bytes, key(chunk_bytes, 38, 297), key(13, 38, 297));
  const Sizes expected{{{0, 3}, 11}, {{20, 150}, 0}, {{38, 297}, 13}};
  EXPECT_EQ(sizes_of_bytes(bytes), expected);
  if (GetParam().user_block == 0) {
    EXPECT_EQ(sizes_of(h5::File::open_image({bytes.data(), bytes.size()}, dir / "i.h5")), expected);
  }
}

TEST_P(ChunkSizesTest, NoPartIsReadOfAChunkOfAnotherSize) {
  if (!has_tree()) GTEST_SKIP() << "sizes are not in the file";
  std::string bytes = sound();
  replace(bytes, key(chunk_bytes, 20, 150), key(11, 20, 150));
  const auto file = h5::File::open_read(written(bytes));
  const auto dataset = file.dataset("d");
  h5::ChunkReader reader(dataset.id(), dataset.name(), 0);
  EXPECT_FALSE(reader.look({0, 0}, {20, columns}));
  const auto problem = reader.look({0, 0}, {21, 151});
  ASSERT_TRUE(problem);
  EXPECT_THAT(problem->begin, testing::ElementsAre(20, 150));
  EXPECT_EQ(problem->text, "holds 11 bytes; its shape has 12");
  EXPECT_TRUE(reader.look_at_all());
  std::vector<std::byte> stored;
  EXPECT_EQ(reader.read_stored({0, 0}, stored), 0U);
  EXPECT_THAT(
      [&] {
        reader.read_stored({20, 150}, stored);
      },
      ThrowsMessage<IoError>(HasSubstr("the chunk at 20, 150 holds 11 bytes; its shape has 12")));
}

TEST_P(ChunkSizesTest, ATreeThatIsNoneIsAnError) {
  if (!has_tree()) GTEST_SKIP() << "there is none";
  const std::string whole = sound();
  // The first node of the kind that lists chunks.
  const std::string signature = std::string("TREE") + '\1';
  const auto at = whole.find(signature);
  ASSERT_NE(at, std::string::npos);
  // Some nodes are enough: each try writes and opens a file.
  constexpr std::size_t enough = 6;
  std::size_t tried = 0;
  for (auto node = at; node != std::string::npos && tried < enough; node = whole.find(signature, node + 1)) {
    std::string bytes = whole;
    bytes[node] = 'X';
    EXPECT_THROW(sizes_of_bytes(bytes), IoError);
    bytes[node] = 'T';
    bytes[node + 5] = '\7';  // its level
    EXPECT_THROW(sizes_of_bytes(bytes), IoError);
    ++tried;
  }
  EXPECT_EQ(tried, enough);
  EXPECT_THROW(sizes_of_bytes(whole.substr(0, at + 100)), Error);
}

TEST_P(ChunkSizesTest, AChunkThatBeginsWithinAnotherIsAnError) {
  if (!has_tree()) GTEST_SKIP() << "there is no tree";
  const std::string whole = sound(), last = key(chunk_bytes, 20, 150);
  for (const auto& wrong : {key(chunk_bytes, 21, 150), key(chunk_bytes, 20, 151),
                            last.substr(0, last.size() - 8) + lowest_first(2, 8)}) {
    std::string bytes = whole;
    replace(bytes, last, wrong);
    EXPECT_THROW(sizes_of_bytes(bytes), IoError);
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, ChunkSizesTest,
                         testing::Values(Format{H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST, 0},
                                         Format{H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST, 512},
                                         Format{H5F_LIBVER_V18, H5F_LIBVER_LATEST, 0},
                                         Format{H5F_LIBVER_V18, H5F_LIBVER_LATEST, 1024},
                                         Format{H5F_LIBVER_V110, H5F_LIBVER_LATEST, 0}));

}  // namespace
}  // namespace cleft
