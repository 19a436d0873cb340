#include "phantom/neurites.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace cleft::phantom {
namespace {

using Key = std::array<double, 3>;

std::set<Key> found_near(const Neurites& neurites, const Vector& p, double reach, double within) {
  std::vector<Segment> segments;
  neurites.collect(p, reach, segments);
  std::set<Key> keys;
  for (const Segment& s : segments)
    if (s.distance(p) <= within) keys.insert({s.from.z, s.from.y, s.from.x});
  return keys;
}

TEST(Neurites, EverySegmentWithinReachIsFound) {
  const Neurites neurites(7);
  for (const Vector& p : {Vector{0, 0, 0}, Vector{5000, -3000, 1234}, Vector{1e5, 1e5, 1e5}})
    EXPECT_EQ(found_near(neurites, p, 200, 200), found_near(neurites, p, 1500, 200));
}

TEST(Neurites, TheSegmentsOfANeuriteJoin) {
  std::vector<Segment> segments;
  Neurites(7).collect({900, 900, 900}, 900, segments);
  ASSERT_GT(segments.size(), 50U);
  int joined = 0;
  for (std::size_t n = 1; n < segments.size(); ++n) {
    const Segment &a = segments[n - 1], &b = segments[n];
    const Vector end = a.from + a.along;
    if (a.neurite != b.neurite || length(end - b.from) > 1) continue;
    ++joined;
    EXPECT_NEAR(length(end - b.from), 0, 1e-6);
    EXPECT_NEAR(a.radius + a.growth, b.radius, 1e-6);
  }
  EXPECT_GT(joined, 20);
}

TEST(Neurites, HaveManyCalibres) {
  std::vector<Segment> segments;
  Neurites(7).collect({0, 0, 0}, 3000, segments);
  const auto [thin, thick] = std::minmax_element(
      segments.begin(), segments.end(), [](const auto& a, const auto& b) { return a.radius < b.radius; });
  EXPECT_LT(thin->radius, 50);
  EXPECT_GT(thin->radius, 10);
  EXPECT_GT(thick->radius, 400);
}

TEST(Neurites, DistanceIsNegativeInsideATubeAndCountsFromItsSurface) {
  const Segment s{{0, 0, 0}, {0, 0, 100}, 1e-4, 20, 10, 0};
  EXPECT_DOUBLE_EQ(s.distance({0, 0, 0}), -20);
  EXPECT_DOUBLE_EQ(s.distance({0, 45, 50}), 20);
  EXPECT_DOUBLE_EQ(s.distance({0, 0, 140}), 10);
}

}  // namespace
}  // namespace cleft::phantom
