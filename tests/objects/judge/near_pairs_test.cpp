#include "objects/judge/near_pairs.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

std::vector<RunObject> random_objects(std::size_t count, const PerAxis<double>& field, Random& random) {
  std::vector<RunObject> objects;
  for (std::uint64_t id = 1; id <= count; ++id) {
    RunObject object{id, 1, {}};
    for (int axis = 0; axis < 3; ++axis) object.centroid[axis] = field[axis] * random.uniform();
    objects.push_back(object);
  }
  return objects;
}

TEST(NearPairs, AreThoseThatComparingAllFinds) {
  Random random(2);
  const VoxelSize voxel{40, 4, 5};
  for (const double limit : {0.0, 3.0, 40.0, 100.0, 5000.0}) {
    const auto detections = random_objects(120, {10, 60, 60}, random);
    auto truths = random_objects(150, {10, 60, 60}, random);
    truths[7].centroid = detections[3].centroid;
    std::vector<Candidate> overlaps, expected;
    for (std::size_t d = 0; d < detections.size(); ++d)
      for (std::size_t t = 0; t < truths.size(); ++t) {
        const std::int64_t overlap = random.below(40) == 0 ? 1 + random.below(9) : 0;
        if (overlap > 0) overlaps.push_back({d, t, overlap, 0});
        const PerAxis<double>&a = detections[d].centroid, &b = truths[t].centroid;
        const double distance =
            std::hypot((a.z - b.z) * voxel.z, (a.y - b.y) * voxel.y, (a.x - b.x) * voxel.x);
        if (distance <= limit) expected.push_back({d, t, overlap, distance});
      }
    ASSERT_FALSE(expected.empty());
    EXPECT_EQ(near_pairs(detections, truths, overlaps, limit, voxel), expected) << limit;
  }
}

TEST(NearPairs, AtTheLimitAPairIsStillNear) {
  // Across the edges of cells and on either side of 0.
  for (const double begin : {-300.0, -100.0, 0.0, 99.0, 1e6}) {
    const std::vector<RunObject> detections{{1, 1, {begin, begin, begin}}};
    for (int axis = 0; axis < 3; ++axis)
      for (const double step : {-100.0, 100.0}) {
        std::vector<RunObject> truths = detections;
        truths[0].centroid[axis] += step;
        EXPECT_EQ(near_pairs(detections, truths, {}, 100, {1, 1, 1}).size(), 1U);
        EXPECT_EQ(near_pairs(detections, truths, {}, 99.999, {1, 1, 1}).size(), 0U);
      }
  }
}

TEST(NearPairs, OfNothingThereAreNone) {
  const std::vector<RunObject> some{{1, 1, {1, 2, 3}}};
  EXPECT_TRUE(near_pairs({}, some, {}, 10, {1, 1, 1}).empty());
  EXPECT_TRUE(near_pairs(some, {}, {}, 10, {1, 1, 1}).empty());
}

}  // namespace
}  // namespace cleft
