#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>

#include "phantom/lattice.hpp"
#include "phantom/vector.hpp"

namespace cleft::phantom {

/// Edge of the cubes (tiles) that the tissue is computed in, nm.
inline constexpr double tile_edge = 64;

/// Properties of the tissue that vary slowly from place to place.
struct Fields {
  Vector displacement;  ///< how far the tissue is bent out of its undisturbed place, nm
  double gap = 0;       ///< how far from the nearest neurite's surface glia begins, nm
  double membrane = 0;  ///< how dark and thick membranes are: 0 pale … 1 like a synapse
};

/// The fields at the middles of tiles, between which FieldPatch interpolates. Each is computed when it is
/// first asked for, and kept. For one thread.
class FieldNodes {
 public:
  explicit FieldNodes(std::uint64_t seed) : seed_(seed) {}
  /// \param tile  Index of a tile. The reference is valid until `trim` is called.
  const Fields& at(const LatticeCell& tile);
  /// Forgets all values if there are many.
  void trim();

 private:
  std::uint64_t seed_;
  std::unordered_map<LatticeCell, Fields, HashCell> nodes_;
};

/// How the displacement changes per nm along each axis.
struct BendSlopes {
  Vector by_z, by_y, by_x;
};

/// The fields everywhere in one tile: quadratic B-splines over random values at the centres of tiles, so that
/// the fields and the derivatives of the displacement are continuous from tile to tile.
class FieldPatch {
 public:
  FieldPatch(FieldNodes& nodes, const LatticeCell& tile);

  /// The fields on a line along x: what depends on z and y only is computed once for all places on it.
  class Row {
   public:
    /// \param x  nm; inside the tile.
    Fields at(double x) const;
    BendSlopes slopes(double x) const;
    /// The place on the line, nm.
    Vector place(double x) const { return {z_, y_, x}; }

   private:
    friend class FieldPatch;
    std::array<Fields, 3> value_;
    std::array<Vector, 3> by_z_, by_y_;
    double z_ = 0, y_ = 0, corner_x_ = 0;
  };
  /// \param z, y  nm; inside the tile.
  Row row(double z, double y) const;

 private:
  std::array<Fields, 27> node_;  // of the tile and its neighbours, in z, y, x order
  Vector corner_;
};

/// Three unrelated random values in [-1, 1] (as z, y, x) that vary continuously with `p`, with a wavelength
/// of about 2 `edge`. Different purposes give unrelated values.
/// \param edge, p  nm.
Vector smooth_noise(std::uint64_t seed, Purpose purpose, double edge, const Vector& p);

}  // namespace cleft::phantom
