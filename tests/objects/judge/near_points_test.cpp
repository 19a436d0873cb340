#include "objects/judge/near_points.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/array3.hpp"
#include "base/random.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Extent extent{12, 30, 40};

/// Objects 3, 6, 9 … of single voxels and short rows at random places.
Array3<std::uint64_t> random_objects(std::uint64_t seed) {
  Array3<std::uint64_t> labels(extent);
  Random random(seed);
  for (int n = 0; n < 300; ++n) {
    const std::int64_t z = random.below(12), y = random.below(30), x = random.below(36);
    const std::uint64_t object = 3 * (1 + random.below(20));
    for (std::int64_t i = 0; i < 4; ++i) labels(z, y, x + i) = object;
  }
  return labels;
}

std::vector<PerAxis<double>> random_points(std::uint64_t seed, int count) {
  Random random(seed);
  std::vector<PerAxis<double>> points;
  const auto place = [&](double length) { return random.uniform() * (length + 10) - 5; };
  for (int n = 0; n < count; ++n) points.push_back({place(12), place(30), place(40)});
  points.push_back({3, 4, 5});
  return points;
}

/// By the definition, voxel by voxel.
std::vector<Candidate> plain_pairs(const Array3<std::uint64_t>& labels, const std::vector<RunObject>& objects,
                                   const std::vector<PerAxis<double>>& points, double limit,
                                   const VoxelSize& size) {
  std::vector<Candidate> pairs;
  for (std::size_t d = 0; d < objects.size(); ++d)
    for (std::size_t p = 0; p < points.size(); ++p) {
      double nearest = INFINITY;
      for (std::int64_t i = 0; i < labels.size(); ++i) {
        if (labels.data()[i] != objects[d].id) continue;
        const GlobalVoxel v = voxel_at(i, extent);
        nearest = std::min(nearest, std::hypot((static_cast<double>(v.z) - points[p].z) * size.z,
                                               (static_cast<double>(v.y) - points[p].y) * size.y,
                                               (static_cast<double>(v.x) - points[p].x) * size.x));
      }
      if (nearest <= limit) pairs.push_back({d, p, 0, nearest});
    }
  return pairs;
}

TEST(PairsNearPoints, AreThoseThatAPlainLoopOverAllVoxelsFinds) {
  for (const std::uint64_t seed : {1U, 2U})
    for (const VoxelSize& size : {VoxelSize{10, 10, 10}, VoxelSize{40, 4.6, 5}})
      for (const double limit : {0.0, 15.0, 80.0, 1e9}) {
        const auto labels = random_objects(seed);
        std::vector<ObjectRun> runs;
        append_runs(runs, labels.view(), {});
        const auto objects = objects_of(runs);
        const auto points = random_points(seed, 25);
        const auto found = pairs_near_points(runs, objects, points, limit, size);
        const auto expected = plain_pairs(labels, objects, points, limit, size);
        ASSERT_EQ(found.size(), expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
          EXPECT_EQ(found[i].detection, expected[i].detection);
          EXPECT_EQ(found[i].truth, expected[i].truth);
          EXPECT_NEAR(found[i].distance_nm, expected[i].distance_nm, 1e-9);
        }
        EXPECT_TRUE(limit <= 80 || found.size() == objects.size() * points.size());
      }
}

TEST(PairsNearPoints, CountToTheCentreOfTheNearestVoxel) {
  const std::vector<ObjectRun> runs{{5, 5, 10, 13, 7}};  // centres at x 10, 11, 12
  const auto objects = objects_of(runs);
  const auto distance = [&](const PerAxis<double>& point) {
    const std::vector<PerAxis<double>> points{point};
    const auto pairs = pairs_near_points(runs, objects, points, 1000, {30, 20, 10});
    return pairs.empty() ? -1 : pairs.front().distance_nm;
  };
  EXPECT_EQ(distance({5, 5, 11}), 0);
  EXPECT_EQ(distance({5, 5, 9}), 10);
  EXPECT_EQ(distance({5, 5, 15}), 30);
  EXPECT_EQ(distance({4, 5, 11}), 30);
  EXPECT_EQ(distance({5, 4, 11}), 20);
  EXPECT_DOUBLE_EQ(distance({5, 5, 11.25}), 2.5);
}

TEST(PairsNearPoints, NothingIsNearNothing) {
  const std::vector<PerAxis<double>> points{{1, 2, 3}};
  EXPECT_THAT(pairs_near_points({}, {}, points, 80, {10, 10, 10}), IsEmpty());
  const std::vector<ObjectRun> runs{{5, 5, 10, 13, 7}};
  EXPECT_THAT(pairs_near_points(runs, objects_of(runs), {}, 80, {10, 10, 10}), IsEmpty());
}

TEST(CompareWithPoints, OneDetectionStandsForOnePoint) {
  // Detection 0 near points 0 and 1; 1 near nothing; 2 near an ignored point alone; 3 near point 3.
  const Comparison found =
      compare_with_points(4, {{0, 0, 0, 20}, {0, 1, 0, 10}, {3, 3, 0, 5}}, {false, false, true, true});
  EXPECT_THAT(found.matches, ElementsAre(Candidate{0, 1, 0, 10}, Candidate{3, 3, 0, 5}));
  EXPECT_THAT(found.missed_truths, ElementsAre(0U, 2U));
  EXPECT_THAT(found.false_detections, ElementsAre(1U));
  EXPECT_EQ(found.agreement().matched, 2);
}

}  // namespace
}  // namespace cleft
