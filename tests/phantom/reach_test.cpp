#include "phantom/reach.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "base/random.hpp"

namespace cleft::phantom {
namespace {

Vector random_place(Random& random, double range) {
  const double z = random.uniform(), y = random.uniform(), x = random.uniform();
  return {range * z, range * y, range * x};
}

std::vector<Segment> random_segments(Random& random, int count) {
  std::vector<Segment> segments;
  for (int n = 0; n < count; ++n) {
    const Vector from = random_place(random, 900), along = random_place(random, 500) - Vector{250, 250, 250};
    segments.push_back(
        {from, along, 1 / square(along), 30 + 100 * random.uniform(), 40 * random.uniform(), 0});
  }
  return segments;
}

class Reach : public testing::Test {
 protected:
  void TearDown() override { hwy::SetSupportedTargetsForTest(0); }
};

TEST_F(Reach, EverySimdTargetFindsTheNearestSegmentAsThePlainFormulaDoes) {
  Random random(5);
  const Vector middle{450, 450, 450};
  const auto segments = random_segments(random, 23);
  std::vector<NearSegment> near;
  for (const Segment& s : segments) near.emplace_back(s, middle);
  Places places;
  std::vector<Vector> at;
  for (std::size_t l = 0; l < places_at_once; ++l) {
    at.push_back(random_place(random, 900));
    const Vector p = at.back() - middle;
    places.z[l] = static_cast<float>(p.z);
    places.y[l] = static_cast<float>(p.y);
    places.x[l] = static_cast<float>(p.x);
  }
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    const Reaches reach = nearest_segments(near, places);
    for (std::size_t l = 0; l < places_at_once; ++l) {
      const auto found = static_cast<std::size_t>(reach.segment[l]);
      double nearest = 1e30;
      for (const Segment& s : segments) nearest = std::min(nearest, s.distance(at[l]));
      EXPECT_NEAR(reach.distance[l], nearest, 1e-3) << hwy::TargetName(target);
      EXPECT_NEAR(segments[found].distance(at[l]), nearest, 1e-3);
      const Segment& s = segments[found];
      const Vector from_axis = at[l] - s.from - s.nearest(at[l]) * s.along;
      EXPECT_NEAR(length(Vector{reach.z[l], reach.y[l], reach.x[l]} - from_axis), 0, 1e-3);
    }
  }
}

TEST_F(Reach, EverySimdTargetGivesTheSameBits) {
  Random random(6);
  std::vector<NearSegment> near;
  for (const Segment& s : random_segments(random, 9)) near.emplace_back(s, Vector{});
  Places places;
  for (std::size_t l = 0; l < places_at_once; ++l)
    places.z[l] = places.y[l] = places.x[l] = 37.3F * static_cast<float>(l);
  const Reaches expected = nearest_segments(near, places);
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    const Reaches reach = nearest_segments(near, places);
    EXPECT_EQ(reach.distance, expected.distance) << hwy::TargetName(target);
    EXPECT_EQ(reach.segment, expected.segment) << hwy::TargetName(target);
  }
}

}  // namespace
}  // namespace cleft::phantom
