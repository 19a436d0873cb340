#include "phantom/fields.hpp"

#include <gtest/gtest.h>

#include "phantom/spline.hpp"
#include "phantom/texture.hpp"

namespace cleft::phantom {
namespace {

Fields fields_at(const Vector& p) {
  FieldNodes nodes(4);
  return FieldPatch(nodes, cell_at(p, tile_edge)).row(p.z, p.y).at(p.x);
}

double distance(const Vector& a, const Vector& b) {
  return length(a - b);
}

TEST(Fields, AreContinuousFromTileToTile) {
  constexpr double step = 1e-6;
  for (const double y : {10.0, 70.0, 500.5}) {
    for (const Vector& across : {Vector{step, 0, 0}, Vector{0, step, 0}, Vector{0, 0, step}}) {
      const Vector corner{3 * tile_edge, across.y > 0 ? 5 * tile_edge : y, 7 * tile_edge};
      const Fields before = fields_at(corner - across), after = fields_at(corner + across);
      EXPECT_LT(distance(before.displacement, after.displacement), 1e-4);
      EXPECT_NEAR(before.gap, after.gap, 1e-4);
      EXPECT_NEAR(before.membrane, after.membrane, 1e-4);
    }
  }
}

TEST(Fields, SlopesAreTheDerivativesOfTheDisplacement) {
  constexpr double step = 1e-4;
  const Vector p{100, 200, 300};
  FieldNodes nodes(4);
  const BendSlopes slopes = FieldPatch(nodes, cell_at(p, tile_edge)).row(p.z, p.y).slopes(p.x);
  const auto by = [&](const Vector& d) {
    return (0.5 / step) * (fields_at(p + d).displacement - fields_at(p - d).displacement);
  };
  EXPECT_LT(distance(slopes.by_z, by({step, 0, 0})), 1e-6);
  EXPECT_LT(distance(slopes.by_y, by({0, step, 0})), 1e-6);
  EXPECT_LT(distance(slopes.by_x, by({0, 0, step})), 1e-6);
}

TEST(Fields, AreTheSameAfterNodesWereForgotten) {
  FieldNodes nodes(4);
  const Fields first = nodes.at({1, 2, 3});
  for (std::int64_t n = 0; n < 30001; ++n) nodes.at({0, 0, n});
  nodes.trim();
  EXPECT_EQ(nodes.at({1, 2, 3}).gap, first.gap);
  EXPECT_EQ(distance(nodes.at({1, 2, 3}).displacement, first.displacement), 0);
}

TEST(SmoothNoise, StaysWithinItsRangeAndDependsOnSeedAndPurpose) {
  double largest = 0, differs = 0;
  for (int n = 0; n < 1000; ++n) {
    const Vector p{1.7 * n, -3.1 * n, 2.3 * n};
    const Vector v = smooth_noise(1, Purpose::shading, 100, p);
    largest = std::max({largest, std::abs(v.z), std::abs(v.y), std::abs(v.x)});
    differs = std::max(differs, distance(v, smooth_noise(2, Purpose::shading, 100, p)));
  }
  EXPECT_LE(largest, 1);
  EXPECT_GT(largest, 0.5);
  EXPECT_GT(differs, 0.5);
}

TEST(Texture, IsContinuousFromTileToTileAndOfMeanZero) {
  const Texture left(3, {0, 0, 0}), right(3, {0, 0, 1}), below(3, {0, 1, 0});
  EXPECT_NEAR(left.row(20, 30).at(tile_edge), right.row(20, 30).at(tile_edge), 1e-9);
  EXPECT_NEAR(left.row(20, tile_edge).at(11), below.row(20, tile_edge).at(11), 1e-9);
  double sum = 0;
  int count = 0;
  for (std::int64_t n = 0; n < 200; ++n)
    for (double x = 0.5; x < tile_edge; x += 4, ++count) sum += Texture(n, {0, 0, 0}).row(32, 32).at(x);
  EXPECT_NEAR(sum / count, 0, 0.03);
}

TEST(Spline, WeightsSumToOneAndSlopesToZero) {
  for (const double u : {0.0, 0.3, 1.0}) {
    const auto w = spline_weights(u), s = spline_slopes(u);
    EXPECT_NEAR(w[0] + w[1] + w[2], 1, 1e-15);
    EXPECT_NEAR(s[0] + s[1] + s[2], 0, 1e-15);
  }
}

}  // namespace
}  // namespace cleft::phantom
