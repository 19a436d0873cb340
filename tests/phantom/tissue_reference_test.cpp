// Tissue against the plain definition: distances to every neurite far and wide, in double precision, without
// tiles.

#include <algorithm>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "phantom/spline.hpp"
#include "phantom/tissue.hpp"

namespace cleft::phantom {
namespace {

/// The fields at `p` by the definition of a tensor-product B-spline: a sum over 27 nodes.
Fields plain_fields(FieldNodes& nodes, const Vector& p) {
  const LatticeCell tile = cell_at(p, tile_edge);
  const Vector u = (1 / tile_edge) * (p - corner_of(tile, tile_edge));
  const auto wz = spline_weights(u.z), wy = spline_weights(u.y), wx = spline_weights(u.x);
  Fields sum;
  for (std::int64_t z = 0; z < 3; ++z)
    for (std::int64_t y = 0; y < 3; ++y)
      for (std::int64_t x = 0; x < 3; ++x) {
        const Fields& node = nodes.at(tile + Extent{z - 1, y - 1, x - 1});
        const double w = wz[static_cast<std::size_t>(z)] * wy[static_cast<std::size_t>(y)] *
                         wx[static_cast<std::size_t>(x)];
        sum.displacement = sum.displacement + w * node.displacement;
        sum.gap += w * node.gap;
        sum.membrane += w * node.membrane;
      }
  return sum;
}

/// Every cell around a place with the distance to its surface in the undisturbed tissue.
class PlainTissue {
 public:
  explicit PlainTissue(std::uint64_t seed) : nodes_(seed), neurites_(seed) {}

  Vector warped(const Vector& p) { return p + plain_fields(nodes_, p).displacement; }

  std::map<std::uint64_t, double> distances(const Vector& p) {
    constexpr double everywhere = 1200;
    std::vector<Segment> segments;
    neurites_.collect(warped(p), everywhere, segments);
    std::map<std::uint64_t, double> distances{{0, plain_fields(nodes_, p).gap}};
    for (const Segment& s : segments) {
      const double d = s.distance(warped(p));
      const auto [at, is_new] = distances.try_emplace(s.neurite, d);
      at->second = std::min(at->second, d);
    }
    return distances;
  }

  /// The cell at `p`, and how much further the next one's surface is.
  std::pair<std::uint64_t, double> cell_and_lead(const Vector& p) {
    std::vector<std::pair<double, std::uint64_t>> sorted;
    for (const auto& [id, distance] : distances(p)) sorted.emplace_back(distance, id);
    std::sort(sorted.begin(), sorted.end());
    return {sorted[0].second, sorted[1].first - sorted[0].first};
  }

 private:
  FieldNodes nodes_;
  Neurites neurites_;
};

Vector place(Random& random) {
  const double z = random.uniform(), y = random.uniform(), x = random.uniform();
  return Vector{2500 * z, 2500 * y, 2500 * x} - Vector{900, 900, 900};
}

TEST(TissueReference, EveryPlaceIsInTheCellWhoseSurfaceIsNearest) {
  for (const std::uint64_t seed : {1U, 8U}) {
    Tissue tissue(seed);
    PlainTissue plain(seed);
    Random random(seed);
    for (int n = 0; n < 500; ++n) {
      const Vector p = place(random);
      const auto [cell, lead] = plain.cell_and_lead(p);
      if (lead < 0.01) continue;  // single precision may decide otherwise on the membrane itself
      EXPECT_EQ(tissue.tile_at(p).id(tissue.spot(p).cell), cell);
    }
  }
}

TEST(TissueReference, ThePlaceBeforeBendingIsTheSplines) {
  Tissue tissue(4);
  PlainTissue plain(4);
  Random random(4);
  for (int n = 0; n < 200; ++n) {
    const Vector p = place(random);
    EXPECT_NEAR(length(tissue.spot(p).warped - plain.warped(p)), 0, 1e-3);
  }
}

TEST(TissueReference, DepthIsTheWayToTheNearestPlaceInAnotherCell) {
  Tissue tissue(5);
  PlainTissue plain(5);
  Random random(5);
  int compared = 0, not_reached = 0;
  while (compared < 40) {
    const Vector p = place(random);
    const Spot spot = tissue.spot(p);
    if (spot.depth > 8 || spot.next_depth < 40) continue;
    ++compared;
    // Along the normal the other cell begins at the depth; along other directions it does not begin before
    // it.
    const std::uint64_t own = plain.cell_and_lead(p).first;
    EXPECT_EQ(plain.cell_and_lead(p + (0.85 * spot.depth - 0.5) * spot.normal).first, own);
    not_reached += plain.cell_and_lead(p + (1.3 * spot.depth + 1.5) * spot.normal).first == own ? 1 : 0;
    const Vector side = perpendicular(spot.normal);
    for (const Vector& other : {side, -1.0 * side, cross(side, spot.normal), -1.0 * spot.normal})
      EXPECT_EQ(plain.cell_and_lead(p + (0.8 * spot.depth) * other).first, own);
  }
  EXPECT_LE(not_reached, 2) << "only where a membrane bends sharply";
}

TEST(TissueReference, TheCellsOfATileAreAllThatCanBeFoundInIt) {
  Tissue tissue(6);
  PlainTissue plain(6);
  Random random(6);
  for (int n = 0; n < 40; ++n) {
    const Vector p = place(random);
    const LatticeCell index = cell_at(p, tile_edge);
    const Tile& tile = tissue.tile(index);
    for (int k = 0; k < 20; ++k) {
      const double z = random.uniform(), y = random.uniform(), x = random.uniform();
      const Vector q = corner_of(index, tile_edge) + tile_edge * Vector{z, y, x};
      EXPECT_GE(tile.find(plain.cell_and_lead(q).first), 0);
    }
  }
}

TEST(TissueReference, DarknessOfMembranesIsWithinItsRange) {
  Tissue tissue(7);
  FieldNodes nodes(7);
  Random random(7);
  double palest = 1, darkest = 0;
  for (int n = 0; n < 500; ++n) {
    const Vector p = place(random);
    const double darkness = tissue.spot(p).darkness;
    EXPECT_NEAR(darkness, plain_fields(nodes, p).membrane, 1e-6);
    palest = std::min(palest, darkness);
    darkest = std::max(darkest, darkness);
  }
  EXPECT_GE(palest, 0);
  EXPECT_LE(darkest, 1);
  EXPECT_LT(palest, 0.25);
  EXPECT_GT(darkest, 0.6) << "some stretches mislead";
}

}  // namespace
}  // namespace cleft::phantom
