#include "objects/synapse.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "objects/voxel_sums.hpp"

namespace cleft {
namespace {

constexpr Extent volume{60, 60, 60};

/// All voxels of a box, each with this probability.
std::vector<MeasuredVoxel> voxels_of(const Box& box, std::uint32_t steps = 255) {
  std::vector<MeasuredVoxel> voxels;
  for (std::int64_t z = box.begin.z; z < box.end.z; ++z)
    for (std::int64_t y = box.begin.y; y < box.end.y; ++y)
      for (std::int64_t x = box.begin.x; x < box.end.x; ++x) voxels.push_back({{z, y, x}, steps});
  return voxels;
}

Synapse described(const std::vector<MeasuredVoxel>& voxels, const std::optional<VoxelSize>& voxel_size) {
  return describe_synapse(1, sums_of_voxels(voxels, volume), {2, 30, 20}, 255, volume, voxel_size);
}

/// 2 sqrt(5 variance) of a solid bar of this length.
double bar(double length) {
  return 2 * length * std::sqrt(5 / 12.0);
}

/// Values have 9 significant digits.
constexpr double rounding = 1e-6;

TEST(Synapse, ABoxHasTheShapeOfASolidBox) {
  const Synapse s = described(voxels_of({{2, 3, 4}, {5, 43, 24}}), VoxelSize{40, 4, 5});
  EXPECT_EQ(s.size, 3 * 40 * 20);
  EXPECT_DOUBLE_EQ(s.volume_nm3, 3 * 40 * 20 * 800.0);
  EXPECT_EQ(s.centroid, (PerAxis<double>{3, 22.5, 13.5}));
  EXPECT_EQ(s.centroid_nm, (PerAxis<double>{120, 90, 67.5}));
  EXPECT_NEAR(s.long_axis_nm, bar(160), rounding);
  EXPECT_NEAR(s.middle_axis_nm, bar(120), rounding);  // z: 3 voxels of 40 nm
  EXPECT_NEAR(s.short_axis_nm, bar(100), rounding);
  EXPECT_NEAR(s.normal.x, 1, 1e-12);
  EXPECT_NEAR(s.flatness, 1.2, 1e-12);
  EXPECT_NEAR(s.elongation, 160.0 / 120.0, 1e-8);
}

/// Voxels whose centre lies in an ellipsoid.
std::vector<MeasuredVoxel> ellipsoid(const PerAxis<double>& half_axes) {
  std::vector<MeasuredVoxel> voxels;
  for (const auto& voxel : voxels_of({{0, 0, 0}, {60, 60, 60}})) {
    const auto square = [](std::int64_t at, double half) {
      const double d = (static_cast<double>(at) - 29.5) / half;
      return d * d;
    };
    if (square(voxel.at.z, half_axes.z) + square(voxel.at.y, half_axes.y) + square(voxel.at.x, half_axes.x) <=
        1)
      voxels.push_back(voxel);
  }
  return voxels;
}

TEST(Synapse, ASolidEllipsoidHasItsAxes) {
  const Synapse s = described(ellipsoid({7, 14, 28}), VoxelSize{10, 10, 10});
  EXPECT_NEAR(s.long_axis_nm, 560, 5.6);
  EXPECT_NEAR(s.middle_axis_nm, 280, 2.8);
  EXPECT_NEAR(s.short_axis_nm, 140, 1.4);
  EXPECT_NEAR(s.flatness, 2, 0.02);
  EXPECT_NEAR(s.elongation, 2, 0.02);
  const Synapse anisotropic = described(ellipsoid({10, 20, 20}), VoxelSize{20, 5, 10});
  EXPECT_NEAR(anisotropic.long_axis_nm, 400, 4);
  EXPECT_NEAR(anisotropic.middle_axis_nm, 400, 4);
  EXPECT_NEAR(anisotropic.short_axis_nm, 200, 2);
}

TEST(Synapse, PlacesInNmCountFromTheVolumesOffset) {
  const auto voxels = voxels_of({{2, 3, 4}, {5, 43, 24}});
  const Synapse at_zero = described(voxels, VoxelSize{40, 4, 5});
  const Synapse moved = describe_synapse(1, sums_of_voxels(voxels, volume), {}, 255, volume,
                                         VoxelSize{40, 4, 5}, {1000, -200, 12.5});
  EXPECT_EQ(moved.centroid_nm, (PerAxis<double>{1120, -110, 80}));
  EXPECT_EQ(moved.centroid, at_zero.centroid);
  EXPECT_EQ(moved.long_axis_nm, at_zero.long_axis_nm);
}

TEST(Synapse, ValuesHaveNoNoiseOfArithmetic) {
  // In double the product is 0.23100000000000004.
  const Synapse s = described(voxels_of({{0, 0, 0}, {1, 1, 3}}), VoxelSize{0.1, 0.7, 1.1});
  EXPECT_EQ(s.volume_nm3, 0.231);
  EXPECT_EQ(described(voxels_of({{0, 0, 0}, {1, 1, 3}}, 100), std::nullopt).mean_probability, 0.392156863);
}

TEST(Synapse, AMasksEdgeCountsAsAnEdge) {
  ComponentSums sums = sums_of_voxels(voxels_of({{2, 3, 4}, {5, 43, 24}}), volume);
  EXPECT_EQ(describe_synapse(1, sums, {}, 255, volume, std::nullopt).touches_edge, 0);
  sums.at_mask_edge = 1;
  EXPECT_EQ(describe_synapse(1, combine(sums, ComponentSums{}), {}, 255, volume, std::nullopt).touches_edge,
            1);
}

TEST(Synapse, AThinDiscsAxesAreThoseOfAnEllipsoidOfItsMoments) {
  std::vector<MeasuredVoxel> voxels;
  for (const auto& voxel : voxels_of({{30, 0, 0}, {31, 60, 60}}))
    if (std::hypot(static_cast<double>(voxel.at.y) - 29.5, static_cast<double>(voxel.at.x) - 29.5) <= 25)
      voxels.push_back(voxel);
  const Synapse s = described(voxels, VoxelSize{10, 10, 10});
  EXPECT_NEAR(s.long_axis_nm, 500 * std::sqrt(5) / 2, 3);  // 2 sqrt(5 d^2 / 16) of a disc's variance d^2 / 16
  EXPECT_NEAR(s.middle_axis_nm, 500 * std::sqrt(5) / 2, 3);
  EXPECT_NEAR(s.normal.z, 1, 1e-12);
}

TEST(Synapse, ATiltedPlateHasItsNormalInNmSpace) {
  // z steps up by one section (40 nm) every ten voxels (40 nm) along x: 45 degrees in space.
  std::vector<MeasuredVoxel> voxels;
  for (std::int64_t x = 0; x < 50; ++x)
    for (std::int64_t y = 0; y < 50; ++y) voxels.push_back({{x / 10, y, x}, 255});
  const Synapse s = described(voxels, VoxelSize{40, 4, 4});
  EXPECT_NEAR(std::abs(s.normal.z), std::sqrt(0.5), 0.02);
  EXPECT_NEAR(s.normal.z, -s.normal.x, 0.04);
  EXPECT_NEAR(s.normal.y, 0, 1e-9);
}

TEST(Synapse, TheLargestPartOfTheNormalIsPositive) {
  for (const std::int64_t slope : {-1, 1}) {
    std::vector<MeasuredVoxel> voxels;
    for (std::int64_t x = 0; x < 20; ++x)
      for (std::int64_t y = 0; y < 20; ++y) voxels.push_back({{25 + slope * (x / 2), y, x}, 255});
    const Synapse s = described(voxels, VoxelSize{1, 1, 1});
    EXPECT_GT(s.normal.z, std::abs(s.normal.x));
    EXPECT_NEAR(s.normal.z * s.normal.z + s.normal.y * s.normal.y + s.normal.x * s.normal.x, 1, 1e-8);
  }
}

TEST(Synapse, AMovedObjectKeepsItsShapeExactly) {
  const auto at = [&](std::int64_t shift) {
    std::vector<MeasuredVoxel> voxels = voxels_of({{1, 1, 1}, {4, 6, 9}});
    for (auto& voxel : voxels) voxel.at = voxel.at + Extent{shift, shift, shift};
    voxels.pop_back();
    return described(voxels, VoxelSize{9, 5, 5});
  };
  const Synapse near = at(0), far = at(50);
  EXPECT_EQ(near.long_axis_nm, far.long_axis_nm);
  EXPECT_EQ(near.short_axis_nm, far.short_axis_nm);
  EXPECT_EQ(near.normal, far.normal);
}

TEST(Synapse, ASingleVoxelIsAsLargeAsItself) {
  const Synapse s = described({{{7, 8, 9}, 51}}, VoxelSize{40, 4, 5});
  EXPECT_EQ(s.first_voxel, (GlobalVoxel{7, 8, 9}));
  EXPECT_EQ(s.bounds, (Box{{7, 8, 9}, {8, 9, 10}}));
  EXPECT_NEAR(s.long_axis_nm, bar(40), rounding);
  EXPECT_NEAR(s.short_axis_nm, bar(4), rounding);
  EXPECT_DOUBLE_EQ(s.mean_probability, 0.2);
  EXPECT_DOUBLE_EQ(s.max_probability, 0.2);
}

TEST(Synapse, ProbabilitiesAndCoresAreCarriedOver) {
  const Synapse s = described({{{1, 1, 1}, 255}, {{1, 1, 2}, 0}, {{1, 1, 3}, 51}}, std::nullopt);
  EXPECT_NEAR(s.mean_probability, 306.0 / 3 / 255, 1e-9);
  EXPECT_DOUBLE_EQ(s.max_probability, 1);
  EXPECT_EQ(s.core_count, 2);
  EXPECT_EQ(s.core_size, 30);
  EXPECT_EQ(s.largest_core, 20);
}

TEST(Synapse, TouchingAnyFaceOfTheVolumeIsNoticed) {
  const Box inside{{1, 1, 1}, {59, 59, 59}};
  EXPECT_EQ(described({{inside.begin, 1}, {{58, 58, 58}, 1}}, std::nullopt).touches_edge, 0);
  for (const GlobalVoxel& edge : {GlobalVoxel{0, 5, 5}, GlobalVoxel{59, 5, 5}, GlobalVoxel{5, 0, 5},
                                  GlobalVoxel{5, 59, 5}, GlobalVoxel{5, 5, 0}, GlobalVoxel{5, 5, 59}})
    EXPECT_EQ(described({{edge, 1}}, std::nullopt).touches_edge, 1) << to_string(Box{edge, edge});
}

TEST(Synapse, WithoutAVoxelSizeWhatNeedsItIsNotANumber) {
  const Synapse s = described(voxels_of({{2, 3, 4}, {5, 6, 7}}), std::nullopt);
  for (const double value : {s.volume_nm3, s.centroid_nm.z, s.long_axis_nm, s.middle_axis_nm, s.short_axis_nm,
                             s.normal.z, s.flatness, s.elongation})
    EXPECT_TRUE(std::isnan(value));
  EXPECT_EQ(s.centroid, (PerAxis<double>{3, 4, 5}));
}

}  // namespace
}  // namespace cleft
