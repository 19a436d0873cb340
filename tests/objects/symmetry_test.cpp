// Objects seen from other sides: what turning, mirroring, scaling and exchanging must do to measurements and
// comparisons.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "objects/judge/compare.hpp"
#include "objects/synapse.hpp"
#include "objects/voxel_sums.hpp"

namespace cleft {
namespace {

constexpr std::int64_t edge = 40;
constexpr Extent volume{edge, edge, edge};
constexpr VoxelSize cube{8, 8, 8};

/// A lopsided blob: an ellipsoid at an angle, with some voxels gone.
std::vector<MeasuredVoxel> blob(std::uint64_t seed) {
  Random random(seed);
  std::vector<MeasuredVoxel> voxels;
  for (std::int64_t n = 0; n < voxel_count(volume); ++n) {
    const GlobalVoxel p = voxel_at(n, volume);
    const double z = static_cast<double>(p.z) - 18, y = static_cast<double>(p.y) - 21,
                 x = static_cast<double>(p.x) - 16;
    const double a = (z + y) / 9, b = (y - z + 0.5 * x) / 6, c = (x - 0.3 * y) / 14;
    const bool inside = a * a + b * b + c * c < 1 && random.below(10) != 0;
    if (inside) voxels.push_back({p, random.below(256)});
  }
  return voxels;
}

Synapse described(const std::vector<MeasuredVoxel>& voxels, const VoxelSize& voxel_size) {
  return describe_synapse(1, sums_of_voxels(voxels, volume), {1, 10, 10}, 255, volume, voxel_size);
}

template <class Move>
std::vector<MeasuredVoxel> moved(std::vector<MeasuredVoxel> voxels, Move move) {
  for (MeasuredVoxel& voxel : voxels) voxel.at = move(voxel.at);
  return voxels;
}

/// Values have 9 significant digits.
void expect_same_axes(const Synapse& a, const Synapse& b, double factor = 1) {
  EXPECT_NEAR(b.long_axis_nm, factor * a.long_axis_nm, 1e-5);
  EXPECT_NEAR(b.middle_axis_nm, factor * a.middle_axis_nm, 1e-5);
  EXPECT_NEAR(b.short_axis_nm, factor * a.short_axis_nm, 1e-5);
  EXPECT_NEAR(b.flatness, a.flatness, 1e-8);
  EXPECT_NEAR(b.elongation, a.elongation, 1e-8);
}

/// Whether the normals are the same line; which way they point is a convention.
void expect_along(const PerAxis<double>& expected, const PerAxis<double>& found) {
  EXPECT_NEAR(std::abs(expected.z * found.z + expected.y * found.y + expected.x * found.x), 1, 1e-8);
}

TEST(SynapseShape, TurnsWithTheObject) {
  const auto voxels = blob(1);
  const Synapse s = described(voxels, cube);
  ASSERT_GT(s.flatness, 1.1);  // so that the normal is well defined
  const Synapse turned = described(moved(voxels, [](auto p) { return GlobalVoxel{p.y, p.x, p.z}; }), cube);
  expect_same_axes(s, turned);
  expect_along({s.normal.y, s.normal.x, s.normal.z}, turned.normal);
  EXPECT_EQ(turned.centroid, (PerAxis<double>{s.centroid.y, s.centroid.x, s.centroid.z}));
  EXPECT_EQ(turned.size, s.size);
  EXPECT_EQ(turned.mean_probability, s.mean_probability);
}

TEST(SynapseShape, IsMirroredWithTheObject) {
  const auto voxels = blob(2);
  const Synapse s = described(voxels, cube);
  const Synapse seen = described(moved(voxels,
                                       [](auto p) {
                                         return GlobalVoxel{p.z, edge - 1 - p.y, p.x};
                                       }),
                                 cube);
  expect_same_axes(s, seen);
  expect_along({s.normal.z, -s.normal.y, s.normal.x}, seen.normal);
  EXPECT_NEAR(seen.centroid.y, static_cast<double>(edge - 1) - s.centroid.y, 1e-9);
  EXPECT_EQ(seen.bounds.extent(), s.bounds.extent());
}

TEST(SynapseShape, GrowsWithTheVoxelSize) {
  const auto voxels = blob(3);
  const Synapse s = described(voxels, {40, 5, 6}), large = described(voxels, {120, 15, 18});
  expect_same_axes(s, large, 3);
  expect_along(s.normal, large.normal);
  EXPECT_NEAR(large.volume_nm3, 27 * s.volume_nm3, 1e-3);
  EXPECT_EQ(large.centroid, s.centroid);  // in voxels
}

/// The same body cut into voxels half as long is the same body: its axes do not depend on the sampling.
TEST(SynapseShape, DoesNotDependOnHowTheBodyIsSampled) {
  const auto coarse = moved(blob(4), [](auto p) { return GlobalVoxel{p.z / 2, p.y / 2, p.x / 2}; });
  std::vector<MeasuredVoxel> unique;
  std::vector<GlobalVoxel> seen;
  for (const auto& voxel : coarse)
    if (std::ranges::find(seen, voxel.at) == seen.end()) {
      seen.push_back(voxel.at);
      unique.push_back(voxel);
    }
  std::vector<MeasuredVoxel> fine;
  for (const auto& voxel : unique)
    for (const std::int64_t z : {0, 1})
      for (const std::int64_t y : {0, 1})
        for (const std::int64_t x : {0, 1})
          fine.push_back({{2 * voxel.at.z + z, 2 * voxel.at.y + y, 2 * voxel.at.x + x}, voxel.steps});
  const Synapse a = described(unique, {20, 10, 12}), b = described(fine, {10, 5, 6});
  expect_same_axes(a, b);
  EXPECT_NEAR(b.volume_nm3, a.volume_nm3, 1e-6);
  EXPECT_NEAR(b.mean_probability, a.mean_probability, 1e-12);
}

std::vector<ObjectRun> random_runs(std::uint64_t seed) {
  Array3<std::uint64_t> labels({3, 12, 40});
  Random random(seed);
  std::uint64_t label = 0;
  for (auto& v : labels.voxels()) {
    if (random.below(4) == 0) label = random.below(3) * (1 + random.below(6));
    v = label;
  }
  std::vector<ObjectRun> runs;
  append_runs(runs, labels.view(), {0, 0, 0});
  return runs;
}

Comparison compared(const std::vector<ObjectRun>& detected, const std::vector<ObjectRun>& truth,
                    const MatchOptions& options) {
  const auto detections = objects_of(detected), truths = objects_of(truth);
  return compare_objects(detections, truths, overlapping_pairs(detected, truth, detections, truths), options,
                         1, cube);
}

TEST(Comparison, ExchangesPrecisionAndRecallWithItsSides) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto a = random_runs(seed), b = random_runs(seed + 100);
    for (const MatchOptions& options :
         {MatchOptions{}, MatchOptions{.criterion = MatchOptions::Criterion::overlap, .overlap_voxels = 20},
          MatchOptions{.criterion = MatchOptions::Criterion::iou, .iou = 0.15},
          MatchOptions{.criterion = MatchOptions::Criterion::centroid_distance, .distance_nm = 40}}) {
      const Agreement there = compared(a, b, options).agreement(), back = compared(b, a, options).agreement();
      EXPECT_EQ(there.matched, back.matched);
      EXPECT_EQ(there.false_found, back.missed);
      EXPECT_EQ(there.missed, back.false_found);
      EXPECT_EQ(there.precision(), back.recall());
      EXPECT_EQ(there.f1(), back.f1());
    }
  }
}

TEST(Comparison, WithItselfIsPerfect) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto runs = random_runs(seed);
    for (const auto criterion : {MatchOptions::Criterion::overlap, MatchOptions::Criterion::iou,
                                 MatchOptions::Criterion::centroid_distance}) {
      const Comparison c = compared(runs, runs, {.criterion = criterion, .iou = 1});
      EXPECT_EQ(c.agreement().f1(), 1);
      EXPECT_EQ(c.matches.size(), objects_of(runs).size());
      for (const Candidate& match : c.matches) EXPECT_EQ(match.detection, match.truth);
    }
  }
}

TEST(Comparison, AStricterCriterionMatchesNoMore) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto a = random_runs(seed), b = random_runs(seed + 50);
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    for (const double iou : {0.0, 0.05, 0.1, 0.2, 0.5, 1.0}) {
      const auto matched =
          compared(a, b, {.criterion = MatchOptions::Criterion::iou, .iou = iou}).agreement().matched;
      EXPECT_LE(matched, before);
      before = matched;
    }
  }
}

}  // namespace
}  // namespace cleft
