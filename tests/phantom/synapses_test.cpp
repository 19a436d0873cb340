#include "phantom/synapses.hpp"

#include <algorithm>
#include <numbers>
#include <set>

#include <gtest/gtest.h>

namespace cleft::phantom {
namespace {

constexpr Vector low{0, 0, 0}, high{1800, 1800, 1800};

struct World {
  explicit World(std::uint64_t seed, double density = 2) : tissue(seed), synapses(tissue, density) {}
  Tissue tissue;
  Synapses synapses;
  std::vector<const Synapse*> all() { return synapses.near(low, high, 0); }
  std::uint64_t cell_at_place(const Vector& p) { return tissue.tile_at(p).id(tissue.spot(p).cell); }
};

TEST(Synapses, LieOnTheMembraneBetweenTheirTwoCells) {
  World world(1);
  ASSERT_GT(world.all().size(), 5U);
  for (const Synapse* s : world.all()) {
    EXPECT_LT(world.tissue.spot(s->centre).depth, 2);
    EXPECT_EQ(world.cell_at_place(s->centre + 12 * s->normal), s->presynaptic);
    EXPECT_EQ(world.cell_at_place(s->centre - 12 * s->normal), s->postsynaptic);
  }
}

TEST(Synapses, FollowTheMembraneOutToTheRim) {
  World world(1);
  int seen_rim = 0;
  for (const Synapse* s : world.all()) {
    for (std::size_t n = 0; n < Synapse::directions; n += 4) {
      const Synapse::Spoke& spoke = s->spokes[n];
      const auto ring = static_cast<std::size_t>(spoke.rim / Synapse::ring_step);
      const double angle = 2 * std::numbers::pi * static_cast<double>(n) / Synapse::directions;
      const Vector out = std::cos(angle) * s->along + std::sin(angle) * s->across;
      const double far = static_cast<double>(ring) * Synapse::ring_step;
      const Vector p = s->centre + far * out + spoke.height[ring] * s->normal;
      EXPECT_LT(world.tissue.spot(p).depth, 3);
      EXPECT_NEAR(s->see(p).height, 0, 1e-6);
      EXPECT_NEAR(s->see(p).to_rim, spoke.rim - far, 1e-6);
      ++seen_rim;
    }
  }
  EXPECT_GT(seen_rim, 20);
}

TEST(Synapses, AreTwoToFiveHundredNanometresWideAndApart) {
  World world(2);
  const auto all = world.all();
  for (const Synapse* a : all) {
    EXPECT_GT(a->reach, 95);
    EXPECT_LE(a->reach, Synapses::largest_reach);
    for (const Synapse* b : all) EXPECT_TRUE(a == b || length(a->centre - b->centre) > a->reach + b->reach);
  }
}

TEST(Synapses, AreTheSameFromWhateverBoxTheyAreAskedFor) {
  World one(3), other(3);
  std::vector<LatticeCell> whole;
  for (const Synapse* s : one.all()) whole.push_back(s->drawn_by);
  std::set<LatticeCell> in_parts;
  for (int part = 3; part >= 0; --part) {
    const double begin = 450 * part;
    for (const Synapse* s : other.synapses.near({begin, 0, 0}, {begin + 450, 1800, 1800}, 0))
      in_parts.insert(s->drawn_by);
  }
  EXPECT_EQ(std::set<LatticeCell>(whole.begin(), whole.end()), in_parts);
  EXPECT_TRUE(std::is_sorted(whole.begin(), whole.end()));
}

TEST(Synapses, AreAsManyAsTheDensitySays) {
  double none = 0, some = 0, many = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    none += static_cast<double>(World(seed, 0).all().size());
    some += static_cast<double>(World(seed, 1).all().size());
    many += static_cast<double>(World(seed, 2.2).all().size());
  }
  const double volume = 4 * 1.8 * 1.8 * 1.8;  // µm³
  EXPECT_EQ(none, 0);
  EXPECT_NEAR(some / volume, 1, 0.35);
  EXPECT_NEAR(many / volume, 2.2, 0.5);
}

TEST(Synapses, DarkMaterialThinsTowardsTheRim) {
  EXPECT_EQ(Synapse::taper(200), 1);
  EXPECT_LT(Synapse::taper(0), Synapse::taper(30));
  EXPECT_GT(Synapse::taper(0), 0.5);
}

/// Synapses drift, and reach back: the cube that draws one may not even touch the volume.
TEST(SynapseNumbers, DifferForAllCubesThatCanReachIntoTheVolume) {
  const Vector size{100, 399, 850};
  const SynapseNumbers numbers(size);
  const double reach = Synapses::longest_drift + Synapses::largest_reach + Synapses::painted_beyond;
  std::set<std::uint64_t> seen;
  std::size_t cubes = 0;
  for_each_cell(Vector{0, 0, 0} - reach * Vector{1, 1, 1}, size + reach * Vector{1, 1, 1},
                Synapses::lattice_edge, [&](const LatticeCell& cube) {
                  ++cubes;
                  seen.insert(numbers.of(cube));
                });
  EXPECT_EQ(seen.size(), cubes);
  EXPECT_GE(*seen.begin(), 1U);
  EXPECT_LE(*seen.rbegin(), 5U * 5U * 7U);  // those in the volume, and two more on either side
}

}  // namespace
}  // namespace cleft::phantom
