#include "phantom/organelles.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

namespace cleft::phantom {
namespace {

struct World {
  explicit World(std::uint64_t seed) : tissue(seed), synapses(tissue, 2), organelles(tissue, synapses) {}
  Tissue tissue;
  Synapses synapses;
  Organelles organelles;

  /// Every vesicle with its centre in one of the tiles [0, n)³, once.
  std::vector<Vesicle> vesicles(std::int64_t n) {
    std::vector<Vesicle> all;
    for_each_cell({0, 0, 0}, tile_edge * (static_cast<double>(n) - 0.5) * Vector{1, 1, 1}, tile_edge,
                  [&](const LatticeCell& tile) {
                    for (const Vesicle& v : organelles.vesicles_near(tile))
                      if (cell_at(v.centre, tile_edge) == tile) all.push_back(v);
                  });
    return all;
  }
};

TEST(Vesicles, AreRoundBodiesClearOfMembranes) {
  World world(1);
  const auto vesicles = world.vesicles(13);
  ASSERT_GT(vesicles.size(), 50U);
  int dense = 0;
  for (const Vesicle& v : vesicles) {
    const Spot spot = world.tissue.spot(v.centre);
    EXPECT_GT(spot.depth, v.radius);
    EXPECT_NE(spot.cell, 0);
    EXPECT_GE(v.radius, v.dense ? 24 : 18);
    EXPECT_LE(v.radius, v.dense ? 38 : 24);
    dense += v.dense ? 1 : 0;
  }
  EXPECT_GT(dense, 0);
  EXPECT_LT(dense, static_cast<int>(vesicles.size()) / 2);
}

TEST(Vesicles, CrowdOnThePresynapticSide) {
  World world(2);
  int presynaptic = 0, postsynaptic = 0;
  for (const Synapse* s : world.synapses.near({0, 0, 0}, {1200, 1200, 1200}, 0)) {
    std::set<std::tuple<double, double, double>> before, behind;
    for_each_cell(s->centre - Vector{200, 200, 200}, s->centre + Vector{200, 200, 200}, tile_edge,
                  [&](const LatticeCell& tile) {
                    for (const Vesicle& v : world.organelles.vesicles_near(tile)) {
                      const Synapse::Seen seen = s->see(v.centre);
                      if (v.dense || seen.to_rim < 0 || std::abs(seen.height) > 200) continue;
                      (seen.height > 0 ? before : behind).insert({v.centre.z, v.centre.y, v.centre.x});
                    }
                  });
    presynaptic += static_cast<int>(before.size());
    postsynaptic += static_cast<int>(behind.size());
  }
  EXPECT_GT(presynaptic, 30);
  EXPECT_GT(presynaptic, 8 * postsynaptic);
}

TEST(Vesicles, AreTheSameFromEveryTileTheyReachInto) {
  World world(1);
  const auto seen_from = [&](const LatticeCell& tile, const Vesicle& v) {
    const auto near = world.organelles.vesicles_near(tile);
    return std::any_of(near.begin(), near.end(), [&](const Vesicle& w) {
      return length(w.centre - v.centre) == 0 && w.radius == v.radius && w.dense == v.dense;
    });
  };
  for (const Vesicle& v : world.vesicles(6)) {
    for_each_cell(v.centre - v.radius * Vector{1, 1, 1}, v.centre + v.radius * Vector{1, 1, 1}, tile_edge,
                  [&](const LatticeCell& tile) { EXPECT_TRUE(seen_from(tile, v)); });
  }
}

TEST(Mitochondria, LieInsideTheirCells) {
  World world(1);
  int found = 0;
  for (std::int64_t n = 0; n < 200; ++n) {
    const Vector p{40.0 * static_cast<double>(n), 700, 900};
    const Spot spot = world.tissue.spot(p);
    for (const Mitochondrion* m : world.organelles.mitochondria_near(cell_at(p, tile_edge))) {
      EXPECT_LT(m->inside(spot.warped, 0), 0) << "at the membrane";
      if (m->cell == world.tissue.tile_at(p).id(spot.cell) && m->inside(spot.warped, spot.depth) > 0) ++found;
    }
  }
  EXPECT_GT(found, 0);
}

TEST(Mitochondria, AreCapsules) {
  Mitochondrion m;
  m.axis = {0, 0, 1};
  m.half_length = 100;
  m.radius = 50;
  EXPECT_DOUBLE_EQ(m.inside({0, 0, 0}, 1e3), 50);
  EXPECT_DOUBLE_EQ(m.inside({0, 20, 100}, 1e3), 30);
  EXPECT_DOUBLE_EQ(m.inside({0, 0, 160}, 1e3), -10);
}

}  // namespace
}  // namespace cleft::phantom
