#include "base/voxel_size.hpp"

#include <gtest/gtest.h>

namespace cleft {
namespace {

constexpr VoxelSize size{45, 4.6, 4.6};

TEST(SameVoxelSize, IsWhatRoundingLeaves) {
  const auto through_float = static_cast<double>(static_cast<float>(0.0046)) * 1000;
  ASSERT_NE(through_float, 4.6);
  EXPECT_TRUE(same_voxel_size(size, size));
  EXPECT_TRUE(same_voxel_size(size, {45, through_float, 4.6}));
  EXPECT_TRUE(same_voxel_size({45.0004, 4.6, 4.6}, size));
}

TEST(SameVoxelSize, IsNotAnotherLengthOnAnyAxis) {
  EXPECT_FALSE(same_voxel_size(size, {45.045, 4.6, 4.6}));
  EXPECT_FALSE(same_voxel_size({45, 4.6046, 4.6}, size));
  EXPECT_FALSE(same_voxel_size(size, {45, 4.6, 4.5954}));
}

}  // namespace
}  // namespace cleft
