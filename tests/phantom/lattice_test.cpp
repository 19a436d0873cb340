#include "phantom/lattice.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace cleft::phantom {
namespace {

TEST(Lattice, FloorIsTheLargestWholeNumberNotAbove) {
  for (const double v : {-2.0, -1.5, -0.25, 0.0, 0.25, 1.0, 7.75})
    EXPECT_EQ(floor_to_int(v), std::floor(v)) << v;
}

TEST(Lattice, EachPlaceLiesInTheCubeThatClaimsIt) {
  const Vector p{-17.5, 42.25, 100};
  const LatticeCell cell = cell_at(p, 10);
  EXPECT_EQ(cell, (LatticeCell{-2, 4, 10}));
  const Vector inside = p - corner_of(cell, 10);
  for (const double d : {inside.z, inside.y, inside.x}) {
    EXPECT_GE(d, 0);
    EXPECT_LT(d, 10);
  }
}

TEST(Lattice, EveryCubeThatTouchesABoxIsVisitedOnceInOrder) {
  std::vector<LatticeCell> visited;
  for_each_cell({-1, 0, 5}, {1, 19, 6}, 10, [&](const LatticeCell& c) { visited.push_back(c); });
  EXPECT_EQ(visited, (std::vector<LatticeCell>{{-1, 0, 0}, {-1, 1, 0}, {0, 0, 0}, {0, 1, 0}}));
}

TEST(Lattice, RandomBitsDifferBySeedPurposeAndCube) {
  const auto bits = hash_at(1, Purpose::synapse, {1, 2, 3});
  EXPECT_NE(bits, hash_at(2, Purpose::synapse, {1, 2, 3}));
  EXPECT_NE(bits, hash_at(1, Purpose::vesicle, {1, 2, 3}));
  EXPECT_NE(bits, hash_at(1, Purpose::synapse, {1, 3, 2}));
  EXPECT_NE(bits, hash_at(1, Purpose::synapse, {-1, 2, 3}));
}

TEST(Lattice, FractionsOfRandomBitsAreUniform) {
  double sum[4] = {};
  constexpr int count = 4000;
  for (std::int64_t n = 0; n < count; ++n)
    for (unsigned part = 0; part < 4; ++part)
      sum[part] += fraction(hash_at(9, Purpose::vesicle, {0, 0, n}), part) / count;
  for (const double mean : sum) EXPECT_NEAR(mean, 0.5, 0.02);
}

TEST(Vector, PerpendicularIsAtRightAnglesForEveryDirection) {
  for (const Vector& v : {Vector{1, 0, 0}, Vector{0, 1, 0}, Vector{0, 0, 1}, normalized({1, -2, 3})}) {
    EXPECT_NEAR(dot(v, perpendicular(v)), 0, 1e-12);
    EXPECT_NEAR(length(perpendicular(v)), 1, 1e-12);
    EXPECT_NEAR(length(cross(v, perpendicular(v))), 1, 1e-12);
  }
}

}  // namespace
}  // namespace cleft::phantom
