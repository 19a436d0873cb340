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

/// What a cell looks like; the same everywhere in it.
struct CellLook {
  std::uint64_t id = 0;  ///< 0: glia
  double grey = 0;       ///< of its cytoplasm
  double stippling = 0;  ///< 0 clear … 1 full of small dark specks
};

/// What is at one place of the tissue.
struct Spot {
  Vector place;           ///< nm
  Vector warped;          ///< the place in the undisturbed tissue, before it was bent, nm
  int cell = 0;           ///< index in the tile; 0 is glia
  int segment = -1;       ///< of the neurite the place is in; -1 in glia
  int neighbour = -1;     ///< the cell on the other side of the nearest membrane; -1: none near
  double depth = 0;       ///< to the middle of the nearest membrane, nm; large when none is near
  double next_depth = 0;  ///< to the membrane with the next nearest cell, nm
  Vector normal;          ///< length 1, from this cell into `neighbour`
  double darkness = 0;    ///< of membranes around here, 0 … 1
};

/// A cube of tissue of edge tile_edge, with the few cells that can be in it.
///
/// Each place belongs to the cell whose undisturbed surface is nearest (an additively weighted Voronoi
/// diagram of tubes in bent space); a place far from all surfaces belongs to glia. A membrane lies where two
/// of these distances are equal.
class Tile {
 public:
  Tile(FieldNodes& nodes, const Neurites& neurites, const LatticeCell& index);

  /// \param z, y  nm; inside the tile.
  FieldPatch::Row row(double z, double y) const { return fields_.row(z, y); }
  /// Finds what is at some places of a row of this tile. Each spot depends on its own place only.
  /// \param x      Places on the row, nm.
  /// \param spots  [n] becomes what is at x[n]; as many elements as `x`.
  void look(const FieldPatch::Row& row, std::span<const double> x, std::span<Spot> spots) const;

  const CellLook& look_of(int cell) const { return looks_[to_size(cell)]; }
  /// The id of a cell, which is the same in every tile; 0 for glia and for no cell (-1).
  std::uint64_t id(int cell) const { return cell < 0 ? 0 : look_of(cell).id; }
  const Segment& segment(int n) const { return segments_[to_size(n)]; }
  /// The index in this tile of the cell with this id, or -1 when the cell is not near.
  int find(std::uint64_t cell_id) const;

  /// A membrane seen from a place: how far, and which way.
  struct Wall {
    double distance;  ///< nm; positive on the first cell's side
    Vector normal;    ///< length 1, from the first cell into the second
  };
  /// The membrane between the cells `a` and `b` (indices in this tile), as if there were no other cell.
  Wall wall(const FieldPatch::Row& row, const Vector& place, int a, int b) const;

 private:
  static constexpr std::size_t max_cells = 40;
  using ReachesOfCells = std::array<Reaches, max_cells>;

  /// Places in the undisturbed tissue, and where glia would begin there.
  struct BentPlaces {
    Places at;  // relative to middle_
    Reaches glia;
    PerPlace darkness;
  };
  BentPlaces bend(const FieldPatch::Row& row, std::span<const double> x) const;
  Reaches reach(const BentPlaces& places, std::size_t cell) const;
  Spot spot(const FieldPatch::Row& row, double x, const ReachesOfCells& reaches, std::size_t place) const;

  FieldPatch fields_;
  Vector middle_;                   // of the tile, before bending
  std::vector<Segment> segments_;   // sorted by neurite
  std::vector<NearSegment> near_;   // the same, relative to middle_
  std::vector<std::size_t> first_;  // of each cell's segments; cell 0 is glia and has none
  std::vector<CellLook> looks_;
};

/// The whole tissue. A tile is made when it is first asked for, and kept. For one thread.
class Tissue {
 public:
  explicit Tissue(std::uint64_t seed) : seed_(seed), nodes_(seed), neurites_(seed) {}

  /// The tile of this index, or the one that holds the place `p` (nm). Valid until `trim` is called.
  const Tile& tile(const LatticeCell& index);
  const Tile& tile_at(const Vector& p) { return tile(cell_at(p, tile_edge)); }
  /// What is at the place `p` (nm).
  Spot spot(const Vector& p);
  std::uint64_t seed() const { return seed_; }
  /// Forgets tiles if there are many.
  void trim();

 private:
  std::uint64_t seed_;
  FieldNodes nodes_;
  Neurites neurites_;
  std::unordered_map<LatticeCell, std::unique_ptr<Tile>, HashCell> tiles_;
};

}  // namespace cleft::phantom
