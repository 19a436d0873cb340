#include "phantom/painter.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace cleft::phantom {
namespace {

/// A tissue and a painter for any place of it.
struct Studio {
  explicit Studio(std::uint64_t seed, double density = 2)
      : tissue(seed), synapses(tissue, density), organelles(tissue, synapses) {}

  Paint paint(const Vector& p, const Vector& box = {4, 4, 4}) {
    const LatticeCell tile = cell_at(p, tile_edge);
    const Painter painter(tissue, synapses, organelles, tile, box);
    return painter.paint(tissue.spot(p), painter.grain(p.z, p.y).at(p.x));
  }

  Tissue tissue;
  Synapses synapses;
  Organelles organelles;
};

Vector place(Random& random, double range) {
  const double z = random.uniform(), y = random.uniform(), x = random.uniform();
  return {range * z, range * y, range * x};
}

TEST(Painter, MembranesAreDarkLinesOfTheirThickness) {
  Studio studio(2, 0);
  Random random(3);
  double membrane = 0, dark = 0, pale = 0, cells = 0;
  int count = 0;
  while (count < 40) {
    const Vector p = place(random, 1500);
    const Spot spot = studio.tissue.spot(p);
    if (spot.neighbour <= 0 || spot.cell == 0 || spot.depth > 30 || spot.next_depth < 60) continue;
    ++count;
    const Vector middle = p + spot.depth * spot.normal;
    const Paint on = studio.paint(middle + 4 * spot.normal, {1, 1, 1});
    const Paint off = studio.paint(middle - 45 * spot.normal);
    membrane += on.membrane / 40;
    EXPECT_EQ(off.membrane, 0);
    dark += on.grey / 40;
    pale += studio.paint(middle, {1, 1, 1}).grey / 40;
    cells += off.grey / 40;
  }
  EXPECT_GT(membrane, 0.8);
  EXPECT_LT(dark, 75);
  EXPECT_GT(pale, dark) << "between the two leaflets it is lighter";
  EXPECT_GT(cells, 120);
}

TEST(Painter, AnObliqueCutIsBlurred) {
  Studio studio(2, 0);
  Random random(4);
  int count = 0;
  while (count < 20) {
    const Vector p = place(random, 1500);
    const Spot spot = studio.tissue.spot(p);
    if (spot.neighbour < 0 || spot.depth > 2 || spot.next_depth < 80 || std::abs(spot.normal.z) < 0.9)
      continue;
    ++count;
    const Vector box{45, 5, 5};
    EXPECT_LT(studio.paint(p, box).membrane, 0.7) << "a membrane that lies in the section is thinner than it";
    EXPECT_GT(studio.paint(p, {5, 5, 5}).membrane, 0.7);
  }
}

TEST(Painter, SynapsesAreDarkerThanTheMembraneAroundThem) {
  Studio studio(1);
  const auto synapses = studio.synapses.near({0, 0, 0}, {1500, 1500, 1500}, 0);
  ASSERT_GT(synapses.size(), 3U);
  for (const Synapse* s : synapses) {
    const Paint inside = studio.paint(s->centre - 8 * s->normal);
    EXPECT_EQ(inside.synapse, s);
    EXPECT_LT(inside.grey, 60);
    EXPECT_EQ(studio.paint(s->centre + 60 * s->normal).synapse, nullptr);
    EXPECT_EQ(studio.paint(s->centre - 60 * s->normal).synapse, nullptr);
    EXPECT_EQ(studio.paint(s->centre + (s->reach + 30) * s->along).synapse, nullptr);
  }
}

TEST(Painter, VesiclesHaveADarkRimAndALightLumen) {
  Studio studio(2);
  double rim = 0, lumen = 0;
  int count = 0;
  for (const Synapse* s : studio.synapses.near({0, 0, 0}, {1500, 1500, 1500}, 0)) {
    for (const Vesicle& v :
         studio.organelles.vesicles_near(cell_at(s->centre + 100 * s->normal, tile_edge))) {
      if (v.dense) continue;
      lumen += studio.paint(v.centre).grey;
      rim += studio.paint(v.centre + (v.radius - 4) * Vector{0, 0, 1}).grey;
      ++count;
    }
  }
  ASSERT_GT(count, 5);
  EXPECT_GT(lumen / count, 140);
  EXPECT_LT(rim / count, 100);
}

TEST(Painter, MitochondriaAreDarkerThanCytoplasm) {
  Studio studio(1, 0);
  double sum = 0;
  int count = 0;
  for (int n = 0; n < 4000; ++n) {
    const Vector p{300, 10.0 * (n / 60), 25.0 * (n % 60)};
    const Spot spot = studio.tissue.spot(p);
    for (const Mitochondrion* m : studio.organelles.mitochondria_near(cell_at(p, tile_edge))) {
      if (m->cell != studio.tissue.tile_at(p).id(spot.cell) || m->inside(spot.warped, spot.depth) < 15)
        continue;
      sum += studio.paint(p).grey;
      ++count;
    }
  }
  ASSERT_GT(count, 20);
  EXPECT_NEAR(sum / count, 95, 20);
}

TEST(Painter, IsContinuousFromTileToTile) {
  Studio studio(1);
  for (int n = 0; n < 150; ++n) {
    const Vector before{500.3, 9.1 * n, 9 * tile_edge - 1e-5}, after{500.3, 9.1 * n, 9 * tile_edge + 1e-5};
    EXPECT_NEAR(studio.paint(before).grey, studio.paint(after).grey, 1) << before.y;
  }
}

}  // namespace
}  // namespace cleft::phantom
