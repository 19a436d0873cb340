#include "components/depth.hpp"

#include <gtest/gtest.h>

#include "components/plain_split.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

using test::values_of;

TEST(DepthTest, AsComparingEveryVoxelWithEveryOtherAndWeighingAllNeighbours) {
  for (const VoxelSize& nm : {VoxelSize{10, 10, 10}, VoxelSize{40, 5, 5}, VoxelSize{3, 4, 7}})
    for (const double p : {0.5, 0.95, 1.0})
      for (const Extent& extent : {Extent{6, 7, 9}, Extent{1, 10, 11}, Extent{9, 1, 2}, Extent{1, 1, 1}}) {
        const auto mask = test::random_mask(extent, p, 9);
        EXPECT_EQ(values_of(depth_of(mask.view(), nm)), values_of(test::plain_depth(mask.view(), nm)));
      }
}

TEST(DepthTest, IsTheDistanceInStepsWhereThatIsEven) {
  // Between two planes smoothing takes away the tip of a roof, and nothing beside it.
  Array3<std::uint8_t> mask({1, 1, 21});
  mask.fill(1);
  mask(0, 0, 0) = mask(0, 0, 20) = 0;
  const auto depth = depth_of(mask.view(), {5, 5, 5});
  const std::int64_t voxel = std::int64_t{256} << 30U;
  EXPECT_EQ(depth(0, 0, 0), 0);
  EXPECT_EQ(depth(0, 0, 4), 4 * voxel);
  EXPECT_EQ(depth(0, 0, 10), 10 * voxel - voxel / 4);
}

TEST(DepthTest, ALongAxisIsHardlySmoothed) {
  // The weight beside is 1024 / 8 / 64 = 2 of 1024.
  Array3<std::uint8_t> mask({3, 1, 1});
  mask(1, 0, 0) = 1;
  const auto depth = depth_of(mask.view(), {40, 5, 5});
  EXPECT_EQ(depth(1, 0, 0), (std::int64_t{8 * 256 * (1024 - 4)} << 20U));
}

TEST(DepthTest, OfNothingIsNothing) {
  EXPECT_EQ(depth_of(Array3<std::uint8_t>({0, 2, 2}).view(), {1, 1, 1}).size(), 0);
}

}  // namespace
}  // namespace cleft
