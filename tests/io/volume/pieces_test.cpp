#include "io/volume/pieces.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/array3.hpp"

namespace cleft {
namespace {

/// Whether each voxel of the box lies in exactly one of the pieces, and nothing else does.
void expect_covered_once(const std::vector<Box>& pieces, const Box& box) {
  Array3<std::uint8_t> count(box.extent());
  for (const Box& piece : pieces) {
    ASSERT_FALSE(piece.empty());
    ASSERT_TRUE(box.contains(piece)) << to_string(piece);
    const auto part = count.view().part(box.local(piece.begin), piece.extent());
    for (std::int64_t z = 0; z < piece.extent().z; ++z)
      for (std::int64_t y = 0; y < piece.extent().y; ++y)
        for (std::int64_t x = 0; x < piece.extent().x; ++x) ++part(z, y, x);
  }
  EXPECT_TRUE(std::ranges::all_of(count.voxels(), [](std::uint8_t n) { return n == 1; }));
}

const Box odd{{3, 5, 2}, {10, 16, 15}};  // 7 sections of 11 rows of 13

TEST(PiecesOfExtent, CoverEachVoxelOnceAndEndWithTheBox) {
  for (const Extent piece : {Extent{1, 1, 1}, Extent{2, 4, 5}, Extent{7, 11, 13}, Extent{100, 1, 6}}) {
    SCOPED_TRACE(to_string(piece));
    expect_covered_once(pieces_of_extent(odd, piece), odd);
  }
  EXPECT_EQ(pieces_of_extent(odd, {4, 11, 13}).back().extent(), (Extent{3, 11, 13}));
  EXPECT_TRUE(pieces_of_extent({}, {1, 1, 1}).empty());
}

TEST(PiecesInOrder, CoverEachVoxelOnceWhateverTheirSize) {
  for (const std::int64_t most : {1, 12, 13, 14, 40, 142, 143, 144, 300, 1000, 1001, 100000}) {
    SCOPED_TRACE(most);
    expect_covered_once(pieces_in_order(odd, most), odd);
  }
}

TEST(PiecesInOrder, FollowEachOtherInTheOrderOfVoxels) {
  for (const std::int64_t most : {1, 13, 40, 143, 300, 1001}) {
    std::int64_t expected = 0;
    for (const Box& piece : pieces_in_order(odd, most)) {
      const Extent from = piece.begin - odd.begin;
      EXPECT_EQ(linear_index(LocalVoxel{from.z, from.y, from.x}, odd.extent()), expected);
      expected += voxel_count(piece.extent());
      const bool whole_rows = piece.extent().x == odd.extent().x;
      EXPECT_TRUE(whole_rows && (piece.extent().z == 1 || piece.extent().y == odd.extent().y));
    }
  }
}

TEST(PiecesInOrder, AreAsLargeAsTheyMayBe) {
  EXPECT_EQ(pieces_in_order(odd, 7 * 11 * 13), std::vector<Box>{odd});
  EXPECT_EQ(pieces_in_order(odd, 7 * 11 * 13 - 1).size(), 2U);  // six sections and one
  EXPECT_EQ(pieces_in_order(odd, 11 * 13 - 1).size(), 14U);     // ten rows and one of each section
  EXPECT_EQ(pieces_in_order(odd, 1).size(), 77U);               // a row is never cut
}

TEST(PiecesOfChunks, CoverEachVoxelOnceAndStayWithinTheirSize) {
  const Extent volume{7, 20, 33};
  for (const Extent& chunk : {Extent{2, 8, 8}, {1, 1, 33}, {7, 20, 33}, {64, 64, 64}, {3, 7, 5}})
    for (const std::int64_t most : {1, 7, 64, 128, 500, 2000, 100000}) {
      SCOPED_TRACE(to_string(chunk) + " " + std::to_string(most));
      const auto pieces = pieces_of_chunks(volume, chunk, most);
      expect_covered_once(pieces, whole_box(volume));
      for (const Box& piece : pieces) EXPECT_LE(voxel_count(piece.extent()), most);
    }
}

TEST(PiecesOfChunks, CutNoChunkThatFits) {
  const Extent volume{7, 20, 33}, chunk{2, 8, 8};
  for (const std::int64_t most : {128, 500, 2000, 4000})
    for (const Box& piece : pieces_of_chunks(volume, chunk, most))
      for (int axis = 0; axis < 3; ++axis) {
        const std::int64_t begin = (piece.begin - GlobalVoxel{})[axis],
                           end = (piece.end - GlobalVoxel{})[axis];
        EXPECT_EQ(begin % chunk[axis], 0);
        EXPECT_TRUE(end == volume[axis] || end % chunk[axis] == 0) << to_string(piece);
      }
}

}  // namespace
}  // namespace cleft
