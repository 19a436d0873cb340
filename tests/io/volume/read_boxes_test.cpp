#include "io/volume/read_boxes.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/array3.hpp"

namespace cleft {
namespace {

/// Whether each voxel of `box` lies in exactly one of the boxes, and nothing else does.
void expect_covered_once(const std::vector<Box>& boxes, const Box& box) {
  Array3<std::uint8_t> count(box.extent());
  for (const Box& one : boxes) {
    ASSERT_FALSE(one.empty());
    ASSERT_TRUE(box.contains(one)) << to_string(one);
    const auto part = count.view().part(box.local(one.begin), one.extent());
    for (std::int64_t z = 0; z < one.extent().z; ++z)
      for (std::int64_t y = 0; y < one.extent().y; ++y)
        for (std::int64_t x = 0; x < one.extent().x; ++x) ++part(z, y, x);
  }
  EXPECT_TRUE(std::ranges::all_of(count.voxels(), [](std::uint8_t n) { return n == 1; }));
}

const Box odd{{3, 5, 2}, {10, 16, 15}};  // 7 sections of 11 rows of 13

TEST(BoxesOfExtent, CoverEachVoxelOnceAndEndWithTheBox) {
  for (const Extent each : {Extent{1, 1, 1}, Extent{2, 4, 5}, Extent{7, 11, 13}, Extent{100, 1, 6}}) {
    SCOPED_TRACE(to_string(each));
    expect_covered_once(boxes_of_extent(odd, each), odd);
  }
  EXPECT_EQ(boxes_of_extent(odd, {4, 11, 13}).back().extent(), (Extent{3, 11, 13}));
  EXPECT_TRUE(boxes_of_extent({}, {1, 1, 1}).empty());
}

TEST(BoxesInOrder, CoverEachVoxelOnceWhateverTheirSize) {
  for (const std::int64_t most : {1, 12, 13, 14, 40, 142, 143, 144, 300, 1000, 1001, 100000}) {
    SCOPED_TRACE(most);
    expect_covered_once(boxes_in_order(odd, most), odd);
  }
}

TEST(BoxesInOrder, FollowEachOtherInTheOrderOfVoxels) {
  for (const std::int64_t most : {1, 13, 40, 143, 300, 1001}) {
    std::int64_t expected = 0;
    for (const Box& one : boxes_in_order(odd, most)) {
      const Extent from = one.begin - odd.begin;
      EXPECT_EQ(linear_index(LocalVoxel{from.z, from.y, from.x}, odd.extent()), expected);
      expected += voxel_count(one.extent());
      const bool whole_rows = one.extent().x == odd.extent().x;
      EXPECT_TRUE(whole_rows && (one.extent().z == 1 || one.extent().y == odd.extent().y));
    }
  }
}

TEST(BoxesInOrder, AreAsLargeAsTheyMayBe) {
  EXPECT_EQ(boxes_in_order(odd, 7 * 11 * 13), std::vector<Box>{odd});
  EXPECT_EQ(boxes_in_order(odd, 7 * 11 * 13 - 1).size(), 2U);  // six sections and one
  EXPECT_EQ(boxes_in_order(odd, 11 * 13 - 1).size(), 14U);     // ten rows and one of each section
  EXPECT_EQ(boxes_in_order(odd, 1).size(), 77U);               // a row is never cut
}

TEST(BoxesOfChunks, CoverEachVoxelOnceAndStayWithinTheirSize) {
  const Extent volume{7, 20, 33};
  for (const Extent& chunk : {Extent{2, 8, 8}, {1, 1, 33}, {7, 20, 33}, {64, 64, 64}, {3, 7, 5}})
    for (const std::int64_t most : {1, 7, 64, 128, 500, 2000, 100000}) {
      SCOPED_TRACE(to_string(chunk) + " " + std::to_string(most));
      const auto boxes = boxes_of_chunks(volume, chunk, most);
      expect_covered_once(boxes, whole_box(volume));
      for (const Box& one : boxes) EXPECT_LE(voxel_count(one.extent()), most);
    }
}

TEST(BoxesOfChunks, CutNoChunkThatFits) {
  const Extent volume{7, 20, 33}, chunk{2, 8, 8};
  for (const std::int64_t most : {128, 500, 2000, 4000})
    for (const Box& one : boxes_of_chunks(volume, chunk, most))
      for (int axis = 0; axis < 3; ++axis) {
        const std::int64_t begin = (one.begin - GlobalVoxel{})[axis], end = (one.end - GlobalVoxel{})[axis];
        EXPECT_EQ(begin % chunk[axis], 0);
        EXPECT_TRUE(end == volume[axis] || end % chunk[axis] == 0) << to_string(one);
      }
}

}  // namespace
}  // namespace cleft
