#include "phantom/tissue.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace cleft::phantom {
namespace {

Vector place(Random& random) {
  const double z = random.uniform(), y = random.uniform(), x = random.uniform();
  return {1500 * z, 1500 * y, 1500 * x};
}

TEST(Tissue, AMembraneLiesWhereASpotSaysItDoes) {
  Tissue tissue(3);
  Random random(1);
  int near_one = 0;
  for (int n = 0; n < 2000; ++n) {
    const Vector p = place(random);
    const Spot spot = tissue.spot(p);
    if (spot.neighbour < 0 || spot.depth > 6 || spot.next_depth < 40) continue;
    ++near_one;
    EXPECT_NEAR(length(spot.normal), 1, 1e-9);
    const Vector beyond = p + (spot.depth + 2) * spot.normal;
    EXPECT_EQ(tissue.tile_at(beyond).id(tissue.spot(beyond).cell), tissue.tile_at(p).id(spot.neighbour));
  }
  EXPECT_GT(near_one, 50);
}

TEST(Tissue, IsContinuousAcrossTiles) {
  Tissue tissue(3);
  int differ = 0;
  constexpr int count = 400;
  for (int n = 0; n < count; ++n) {
    const Vector before{100, 3.7 * n, 8 * tile_edge - 1e-6}, after{100, 3.7 * n, 8 * tile_edge + 1e-6};
    const Spot a = tissue.spot(before), b = tissue.spot(after);
    differ += tissue.tile_at(before).id(a.cell) != tissue.tile_at(after).id(b.cell) ? 1 : 0;
    EXPECT_NEAR(std::min(a.depth, 20.0), std::min(b.depth, 20.0), 0.01);
  }
  EXPECT_LE(differ, 1);
}

TEST(Tissue, ASpotDoesNotDependOnWhatIsLookedAtTogetherWithIt) {
  Tissue tissue(3);
  const Tile& tile = tissue.tile({2, 3, 4});
  const auto row = tile.row(2.4 * tile_edge, 3.3 * tile_edge);
  std::vector<double> x;
  for (double v = 4 * tile_edge + 0.5; v < 5 * tile_edge; v += 2.9) x.push_back(v);
  std::vector<Spot> together(x.size());
  tile.look(row, x, together);
  for (std::size_t n = 0; n < x.size(); ++n) {
    Spot alone;
    tile.look(row, std::span(&x[n], 1), std::span(&alone, 1));
    EXPECT_EQ(alone.cell, together[n].cell);
    EXPECT_EQ(alone.depth, together[n].depth);
    EXPECT_EQ(alone.next_depth, together[n].next_depth);
  }
}

TEST(Tissue, WallsAreSeenFromBothSides) {
  Tissue tissue(3);
  Random random(2);
  for (int n = 0; n < 300; ++n) {
    const Vector p = place(random);
    const Spot spot = tissue.spot(p);
    if (spot.neighbour < 0) continue;
    const Tile& tile = tissue.tile_at(p);
    const auto row = tile.row(p.z, p.y);
    const Tile::Wall there = tile.wall(row, p, spot.cell, spot.neighbour);
    const Tile::Wall back = tile.wall(row, p, spot.neighbour, spot.cell);
    EXPECT_NEAR(there.distance, spot.depth, 1e-6);
    EXPECT_NEAR(back.distance, -there.distance, 1e-9);
    EXPECT_NEAR(length(there.normal + back.normal), 0, 1e-9);
  }
}

TEST(Tissue, IsMostlyNeuriteWithSomeGlia) {
  Tissue tissue(3);
  Random random(4);
  int glia = 0;
  constexpr int count = 1000;
  for (int n = 0; n < count; ++n) glia += tissue.spot(place(random)).cell == 0 ? 1 : 0;
  EXPECT_GT(glia, count / 100);
  EXPECT_LT(glia, count / 4);
}

TEST(Tissue, IsTheSameAfterTilesWereForgotten) {
  Tissue tissue(3);
  const Spot before = tissue.spot({10, 20, 30});
  for (std::int64_t n = 0; n < 6001; ++n) tissue.tile({n / 324, n / 18 % 18, n % 18});
  tissue.trim();
  EXPECT_EQ(tissue.spot({10, 20, 30}).depth, before.depth);
}

}  // namespace
}  // namespace cleft::phantom
