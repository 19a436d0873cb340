#include "objects/judge/voxel_distances.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/array3.hpp"
#include "base/random.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

constexpr VoxelSize nm{40, 4, 5};

std::vector<ObjectRun> runs_of(const Array3<std::uint8_t>& mask, const GlobalVoxel& first = {}) {
  Array3<std::uint64_t> labels(mask.extent());
  std::copy(mask.voxels().begin(), mask.voxels().end(), labels.voxels().begin());
  std::vector<ObjectRun> runs;
  append_runs(runs, labels.view(), first);
  return runs;
}

std::vector<GlobalVoxel> voxels_of(const Array3<std::uint8_t>& mask) {
  std::vector<GlobalVoxel> voxels;
  for (std::int64_t i = 0; i < mask.size(); ++i)
    if (mask.data()[i] != 0) voxels.push_back(voxel_at(i, mask.extent()));
  return voxels;
}

/// [voxel of a] its distance to the nearest of b: each compared with each.
std::vector<double> nearest(const std::vector<GlobalVoxel>& a, const std::vector<GlobalVoxel>& b) {
  std::vector<double> distances;
  for (const GlobalVoxel& p : a) {
    double least = std::numeric_limits<double>::infinity();
    for (const GlobalVoxel& q : b)
      least = std::min(
          least, std::hypot(nm.z * static_cast<double>(p.z - q.z), nm.y * static_cast<double>(p.y - q.y),
                            nm.x * static_cast<double>(p.x - q.x)));
    distances.push_back(least);
  }
  return distances;
}

double mean_of(const std::vector<double>& values, bool without_zeros) {
  double sum = 0, count = 0;
  for (const double v : values) {
    sum += v;
    count += without_zeros && v == 0 ? 0 : 1;
  }
  return sum / count;
}

TEST(VoxelDistancesTest, AreThoseThatComparingEachWithEachGives) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const auto detected = test::random_mask({6, 20, 30}, 0.01 + 0.01 * static_cast<double>(seed), seed);
    const auto truth = test::random_mask({6, 20, 30}, 0.02, seed + 50);
    const auto a = nearest(voxels_of(detected), voxels_of(truth)),
               b = nearest(voxels_of(truth), voxels_of(detected));
    const auto found = voxel_distances(runs_of(detected), runs_of(truth), nm);
    EXPECT_DOUBLE_EQ(*found.detected_to_truth, mean_of(a, false));
    EXPECT_DOUBLE_EQ(*found.truth_to_detected, mean_of(b, false));
    EXPECT_DOUBLE_EQ(*found.false_to_truth, mean_of(a, true));
    EXPECT_DOUBLE_EQ(*found.missed_to_detected, mean_of(b, true));
    EXPECT_DOUBLE_EQ(*found.cremi_score(), (mean_of(a, false) + mean_of(b, false)) / 2);
    // Wherever in the world all of it lies.
    const GlobalVoxel far{-7, 1000000, 5};
    EXPECT_EQ(voxel_distances(runs_of(detected, far), runs_of(truth, far), nm).detected_to_truth,
              found.detected_to_truth);
  }
}

TEST(VoxelDistancesTest, OfEqualSidesAreZeroAndOfWrongVoxelsUndefined) {
  const auto runs = runs_of(test::random_mask({3, 9, 9}, 0.2, 1));
  const auto found = voxel_distances(runs, runs, nm);
  EXPECT_EQ(found.detected_to_truth, 0);
  EXPECT_EQ(found.truth_to_detected, 0);
  EXPECT_EQ(found.cremi_score(), 0);
  EXPECT_FALSE(found.false_to_truth);
  EXPECT_FALSE(found.missed_to_detected);
}

TEST(VoxelDistancesTest, ToNothingAreUndefined) {
  const auto runs = runs_of(test::random_mask({3, 9, 9}, 0.2, 1));
  for (const auto& found :
       {voxel_distances(runs, {}, nm), voxel_distances({}, runs, nm), voxel_distances({}, {}, nm)}) {
    EXPECT_FALSE(found.detected_to_truth);
    EXPECT_FALSE(found.truth_to_detected);
    EXPECT_FALSE(found.cremi_score());
  }
}

TEST(VoxelDistancesTest, RunsAreCutByOthers) {
  const std::vector<ObjectRun> runs{{0, 0, 0, 10, 1}, {0, 0, 12, 20, 2}, {0, 1, 0, 4, 3}, {1, 0, 3, 5, 4}};
  const std::vector<ObjectRun> others{{0, 0, 2, 4, 9}, {0, 0, 6, 14, 9}, {0, 0, 19, 25, 9}, {0, 1, 0, 4, 9}};
  EXPECT_EQ(without(runs, others),
            (std::vector<ObjectRun>{{0, 0, 0, 2, 1}, {0, 0, 4, 6, 1}, {0, 0, 14, 19, 2}, {1, 0, 3, 5, 4}}));
  EXPECT_EQ(without(runs, {}), runs);
  EXPECT_TRUE(without({}, others).empty());
}

}  // namespace
}  // namespace cleft
