#include "base/voxel_size.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "base/error.hpp"

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

TEST(VoxelSize, ImplausibleOnesAreRefusedWithTheWayOut) {
  for (const VoxelSize& good :
       {VoxelSize{0.5, 0.5, 0.5}, VoxelSize{2000, 2000, 2000}, VoxelSize{45, 4.6, 4.6}})
    EXPECT_NO_THROW(check_plausible_voxel_size(good, "--voxel-size", ""));
  for (const VoxelSize& bad : {VoxelSize{0.045, 0.0046, 0.0046}, VoxelSize{45, 4.6, 0.49},
                               VoxelSize{45, 2001, 4.6}, VoxelSize{std::nan(""), 4, 4}})
    EXPECT_THROW(check_plausible_voxel_size(bad, "--voxel-size", ""), InputError);
  try {
    check_plausible_voxel_size({45000, 4600, 4600}, "--voxel-size", "--force");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(
        error.what(),
        "--voxel-size: says that voxels are 45000 x 4600 x 4600 nm (z, y, x); expected 0.5 to 2000 nm along "
        "each axis, or --force");
  }
}

TEST(VoxelSize, LooksSwappedWhereXIsFarLongerThanZ) {
  EXPECT_TRUE(looks_swapped({4, 4, 40}));
  EXPECT_TRUE(looks_swapped({4, 40, 40}));
  EXPECT_FALSE(looks_swapped({40, 4, 4}));
  EXPECT_FALSE(looks_swapped({8, 8, 8}));
  EXPECT_FALSE(looks_swapped({5, 6, 6}));
}

}  // namespace
}  // namespace cleft
