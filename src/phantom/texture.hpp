#pragma once

#include <array>
#include <cstdint>

#include "base/narrow.hpp"
#include "phantom/fields.hpp"

namespace cleft::phantom {

/// Random values of mean 0 that change over about 16 nm: the granular matter of one tile. Quadratic B-splines
/// over a lattice of random numbers, continuous from tile to tile; most values lie in -0.6 … 0.6.
class Texture {
  static constexpr std::int64_t intervals = 4;         // of the lattice, in a tile
  static constexpr std::size_t nodes = intervals + 2;  // one more on either side
  static constexpr double edge = tile_edge / narrow<double>(intervals);

 public:
  Texture(std::uint64_t seed, const LatticeCell& tile);

  /// A line along x.
  class Row {
   public:
    /// \param x  nm; inside the tile.
    double at(double x) const;

   private:
    friend class Texture;
    std::array<double, nodes> node_{};
    double corner_x_ = 0;
  };
  /// \param z, y  nm; inside the tile.
  Row row(double z, double y) const;

 private:
  Vector corner_;
  std::array<float, nodes * nodes * nodes> value_;
};

}  // namespace cleft::phantom
