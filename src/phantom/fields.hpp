#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>

#include "phantom/lattice.hpp"
#include "phantom/vector.hpp"

namespace cleft::phantom {

/// Edge of the cubes (tiles) that the tissue is computed in, nm.
inline constexpr double tile_edge = 64;

/// Slowly varying properties of the tissue.
struct Fields {
  Vector displacement;  ///< how far the tissue is bent out of its undisturbed place, nm
  double gap = 0;       ///< how far from the nearest neurite's surface glia begins, nm
  double membrane = 0;  ///< how dark and thick membranes are: 0 pale … 1 like a synapse
};

/// The fields at the middles of tiles, from which everything in between follows; each is worked out once.
class FieldNodes {
 public:
  explicit FieldNodes(std::uint64_t seed) : seed_(seed) {}
  const Fields& at(const LatticeCell& tile);
  /// Forgets them when there are many.
  void trim();

 private:
  std::uint64_t seed_;
  std::unordered_map<LatticeCell, Fields, HashCell> nodes_;
};

/// How the displacement changes per nm along each axis.
struct BendSlopes {
  Vector by_z, by_y, by_x;
};

/// The fields of one tile: quadratic B-splines over random values at the tiles' centres, so that the fields
/// and the derivatives of the displacement are continuous from tile to tile.
class FieldPatch {
 public:
  FieldPatch(FieldNodes& nodes, const LatticeCell& tile);

  /// A line along x at one (z, y), so that many places on it are cheap.
  class Row {
   public:
    /// \param x  nm; inside the tile.
    Fields at(double x) const;
    BendSlopes slopes(double x) const;
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

/// Random values in [-1, 1] with a wavelength of about 2 `edge`; three unrelated ones per purpose.
/// Continuous.
Vector smooth_noise(std::uint64_t seed, Purpose purpose, double edge, const Vector& p);

}  // namespace cleft::phantom
