#include "report/seam_statistic.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "base/narrow.hpp"

namespace cleft {
namespace {

bool crosses_plainly(const Box& box, const Extent& volume, const Extent& block) {
  for (int axis = 0; axis < 3; ++axis)
    for (std::int64_t face = block[axis]; face < volume[axis]; face += block[axis])
      if ((box.begin - GlobalVoxel{})[axis] < face && face < (box.end - GlobalVoxel{})[axis]) return true;
  return false;
}

bool ends_plainly(const Box& box, const Extent& volume, const Extent& block) {
  for (int axis = 0; axis < 3; ++axis)
    for (std::int64_t face = block[axis]; face < volume[axis]; face += block[axis])
      if ((box.begin - GlobalVoxel{})[axis] == face || (box.end - GlobalVoxel{})[axis] == face) return true;
  return false;
}

/// All places that a box of this size can have in the volume.
std::vector<Box> everywhere(const Extent& size, const Extent& volume) {
  std::vector<Box> boxes;
  for (std::int64_t z = 0; z + size.z <= volume.z; ++z)
    for (std::int64_t y = 0; y + size.y <= volume.y; ++y)
      for (std::int64_t x = 0; x + size.x <= volume.x; ++x)
        boxes.push_back(box_at(GlobalVoxel{z, y, x}, size));
  return boxes;
}

TEST(SeamStatistic, expects_what_boxes_everywhere_do) {
  const Extent volume{9, 20, 17}, block{4, 7, 17};
  for (const Extent size :
       {Extent{1, 1, 1}, Extent{4, 3, 5}, Extent{2, 7, 17}, Extent{5, 14, 2}, Extent{9, 20, 17}}) {
    const auto boxes = everywhere(size, volume);
    std::int64_t crossing = 0, ending = 0;
    for (const Box& box : boxes) {
      crossing += crosses_plainly(box, volume, block) ? 1 : 0;
      ending += ends_plainly(box, volume, block) ? 1 : 0;
    }
    const SeamStatistic statistic = seam_statistic(boxes, volume, block);
    EXPECT_EQ(statistic.crossing.found, crossing);
    EXPECT_EQ(statistic.ending.found, ending);
    EXPECT_NEAR(statistic.crossing.expected, narrow<double>(crossing), 1e-6 * narrow<double>(boxes.size()));
    EXPECT_NEAR(statistic.ending.expected, narrow<double>(ending), 1e-6 * narrow<double>(boxes.size()));
    const double chance = narrow<double>(crossing) / narrow<double>(boxes.size());
    EXPECT_NEAR(statistic.crossing.deviation, std::sqrt(narrow<double>(boxes.size()) * chance * (1 - chance)),
                1e-3);
  }
}

TEST(SeamStatistic, sees_objects_that_were_cut) {
  const Extent volume{100, 100, 100}, block{50, 50, 50};
  std::vector<Box> cut;
  for (std::int64_t i = 0; i < 20; ++i) {
    cut.push_back({{i, 40, 40}, {i + 1, 50, 45}});
    cut.push_back({{i, 50, 40}, {i + 1, 60, 45}});
  }
  const SeamStatistic statistic = seam_statistic(cut, volume, block);
  EXPECT_EQ(statistic.crossing.found, 0);
  EXPECT_EQ(statistic.ending.found, 40);
  EXPECT_GT(40, statistic.ending.expected + 1.96 * statistic.ending.deviation);
}

TEST(SeamStatistic, of_one_block_has_no_seams) {
  EXPECT_FALSE(seam_statistic({}, {10, 10, 10}, {10, 20, 10}).has_seams);
  EXPECT_FALSE(seam_statistic({}, {10, 10, 10}, {}).has_seams) << "of a record that says nothing of blocks";
  EXPECT_TRUE(seam_statistic({}, {10, 10, 10}, {10, 10, 9}).has_seams);
}

}  // namespace
}  // namespace cleft
