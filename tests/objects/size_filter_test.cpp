#include "objects/size_filter.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace cleft {
namespace {

ComponentSums component_of(std::int64_t size) {
  ComponentSums sums;
  sums.size = size;
  return sums;
}

TEST(SizeFilter, BothBoundsAreInclusive) {
  const CoreSums cores{1, 100, 100};
  const SizeBounds bounds{10, 20};
  EXPECT_FALSE(is_synapse(component_of(9), cores, bounds));
  EXPECT_TRUE(is_synapse(component_of(10), cores, bounds));
  EXPECT_TRUE(is_synapse(component_of(20), cores, bounds));
  EXPECT_FALSE(is_synapse(component_of(21), cores, bounds));
}

TEST(SizeFilter, OneCoreMustReachTheMinimumByItself) {
  const SizeBounds bounds{10, 20};
  EXPECT_FALSE(is_synapse(component_of(15), {0, 0, 0}, bounds));
  EXPECT_FALSE(is_synapse(component_of(15), {2, 12, 9}, bounds));
  EXPECT_TRUE(is_synapse(component_of(15), {2, 13, 10}, bounds));
}

TEST(SizeFilter, WithoutAMinimumACoreIsStillNeeded) {
  EXPECT_FALSE(is_synapse(component_of(1), {0, 0, 0}, {0, 20}));
  EXPECT_TRUE(is_synapse(component_of(1), {1, 1, 1}, {0, 20}));
}

TEST(SizeFilter, BoundsInVoxelsNeedNoVoxelSize) {
  const SizeBounds bounds = size_bounds({.min_size = 3, .max_size = 3}, std::nullopt);
  EXPECT_EQ(bounds.min, 3);
  EXPECT_EQ(bounds.max, 3);
}

TEST(SizeFilter, BoundsInNmAreTheVoxelCountsJustWithin) {
  const VoxelSize voxel{2, 2, 2.5};  // 10 nm3
  const auto bounds = [&](double min, double max) {
    return size_bounds({.min_volume_nm3 = min, .max_volume_nm3 = max}, voxel);
  };
  EXPECT_EQ(bounds(100, 200).min, 10);
  EXPECT_EQ(bounds(100.5, 200).min, 11);
  EXPECT_EQ(bounds(100, 200).max, 20);
  EXPECT_EQ(bounds(100, 209.5).max, 20);
  EXPECT_EQ(bounds(0, 209.5).min, 0);
}

TEST(SizeFilter, BoundsInNmAgreeWithTheVolumesTheyAreComparedWith) {
  const VoxelSize voxel{47.5, 4.6, 4.6};
  const double volume = 47.5 * 4.6 * 4.6;
  for (std::int64_t count = 1; count < 2000; count += 7) {
    const double exact = static_cast<double>(count) * volume;
    const auto bounds = size_bounds({.min_volume_nm3 = exact, .max_volume_nm3 = exact}, voxel);
    EXPECT_EQ(bounds.min, count);
    EXPECT_EQ(bounds.max, count);
  }
}

TEST(SizeFilter, AVolumeBeyondAllCountingIsNoBound) {
  const auto bounds = size_bounds({.max_volume_nm3 = 1e300}, VoxelSize{1, 1, 1});
  EXPECT_EQ(bounds.max, std::numeric_limits<std::int64_t>::max());
}

TEST(SizeFilter, NmWithoutAVoxelSizeIsRefused) {
  EXPECT_THROW(size_bounds({.min_volume_nm3 = 1}, std::nullopt), ConfigError);
  EXPECT_THROW(size_bounds({.max_volume_nm3 = 1}, std::nullopt), ConfigError);
}

TEST(SizeFilter, BoundsThatAllowNothingAreRefused) {
  EXPECT_THROW(size_bounds({.min_size = 4, .max_size = 3}, std::nullopt), ConfigError);
  EXPECT_THROW(size_bounds({.max_volume_nm3 = 500}, VoxelSize{1, 1, 1}), ConfigError);  // below min_size
  EXPECT_THROW(size_bounds({.min_volume_nm3 = 1e300}, VoxelSize{1, 1, 1}), ConfigError);
}

}  // namespace
}  // namespace cleft
