#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/narrow.hpp"
#include "phantom/fields.hpp"
#include "phantom/neurites.hpp"
#include "phantom/reach.hpp"

namespace cleft::phantom {

/// What a cell is made of, the same all along it.
struct CellLook {
  std::uint64_t id = 0;  ///< 0: glia
  double grey = 0;       ///< of its cytoplasm
  double stippling = 0;  ///< 0 clear … 1 full of small dark matter
};

/// What is at one place of the tissue.
struct Spot {
  Vector place;           ///< nm
  Vector warped;          ///< where the place was before the tissue was bent, nm
  int cell = 0;           ///< index in the tile; 0 is glia
  int segment = -1;       ///< of the neurite the place is in; -1 in glia
  int neighbour = -1;     ///< the cell on the other side of the nearest membrane; -1: none near
  double depth = 0;       ///< to the middle of the nearest membrane, nm; large when none is near
  double next_depth = 0;  ///< to the membrane with the next nearest cell, nm
  Vector normal;          ///< length 1, from this cell into `neighbour`
  double darkness = 0;    ///< of membranes hereabouts, 0 … 1
};

/// A cube of tissue, tile_edge wide: the few cells that can be found in it.
///
/// Cells share space by the distance to their surfaces (an additively weighted Voronoi diagram of tubes in
/// bent space); what is far from all of them is glia. A membrane lies where two distances are equal.
class Tile {
 public:
  Tile(FieldNodes& nodes, const Neurites& neurites, const LatticeCell& index);

  FieldPatch::Row row(double z, double y) const { return fields_.row(z, y); }
  /// What is at the places `x` (nm) of a row of this tile; `spots` has as many elements. Each spot depends on
  /// its own place only.
  void look(const FieldPatch::Row& row, std::span<const double> x, std::span<Spot> spots) const;

  const CellLook& look_of(int cell) const { return looks_[to_size(cell)]; }
  /// The id of a cell, the same in every tile; 0 for glia and for no cell (-1).
  std::uint64_t id(int cell) const { return cell < 0 ? 0 : look_of(cell).id; }
  const Segment& segment(int n) const { return segments_[to_size(n)]; }
  /// The index of the cell with this id, or -1 when it is not near.
  int find(std::uint64_t cell_id) const;

  /// A membrane seen from a place: how far, and which way.
  struct Wall {
    double distance;  ///< nm; positive on the first cell's side
    Vector normal;    ///< length 1, from the first cell into the second
  };
  /// The surface where cells `a` and `b` (indices) would meet if no other cell were there.
  Wall wall(const FieldPatch::Row& row, const Vector& place, int a, int b) const;

 private:
  static constexpr std::size_t max_cells = 40;
  using Reaches = std::array<ReachLanes, max_cells>;

  /// Places in the undisturbed tissue, and where glia would begin there.
  struct BentPlaces {
    PlaceLanes at;  // relative to middle_
    ReachLanes glia;
    Lanes darkness;
  };
  BentPlaces bend(const FieldPatch::Row& row, std::span<const double> x) const;
  ReachLanes reach(const BentPlaces& places, std::size_t cell) const;
  Spot spot(const FieldPatch::Row& row, double x, const Reaches& reaches, std::size_t lane) const;

  FieldPatch fields_;
  Vector middle_;                   // of the tile, before bending
  std::vector<Segment> segments_;   // sorted by neurite
  std::vector<NearSegment> near_;   // the same, relative to middle_
  std::vector<std::size_t> first_;  // of each cell's segments; cell 0 is glia and has none
  std::vector<CellLook> looks_;
};

/// All tissue; tiles are made where they are looked at.
class Tissue {
 public:
  explicit Tissue(std::uint64_t seed) : seed_(seed), nodes_(seed), neurites_(seed) {}

  /// Valid until `trim` is called.
  const Tile& tile(const LatticeCell& index);
  const Tile& tile_at(const Vector& p) { return tile(cell_at(p, tile_edge)); }
  Spot spot(const Vector& p);
  std::uint64_t seed() const { return seed_; }
  /// Forgets tiles when there are many.
  void trim();

 private:
  std::uint64_t seed_;
  FieldNodes nodes_;
  Neurites neurites_;
  std::unordered_map<LatticeCell, std::unique_ptr<Tile>, HashCell> tiles_;
};

}  // namespace cleft::phantom
