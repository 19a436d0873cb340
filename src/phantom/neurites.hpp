#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "phantom/lattice.hpp"
#include "phantom/vector.hpp"

namespace cleft::phantom {

/// Part of a neurite: a straight tube whose radius changes linearly from one end to the other.
struct Segment {
  Vector from, along;         ///< from `from` to `from + along`, nm
  double inverse_square = 0;  ///< 1 / |along|²
  double radius = 0;          ///< at `from`, nm
  double growth = 0;          ///< radius at the other end − radius, nm
  std::uint64_t neurite = 0;  ///< the same for all segments of one neurite

  /// Where on the axis the point nearest to `p` is: 0 at `from` … 1 at the other end.
  double nearest(const Vector& p) const {
    const double t = dot(p - from, along) * inverse_square;
    return t < 0 ? 0 : t > 1 ? 1 : t;
  }
  /// The distance from `p` to the surface, nm; negative inside.
  double distance(const Vector& p) const {
    const double t = nearest(p);
    return length(p - from - t * along) - radius - t * growth;
  }
};

/// Endless tubes of different thickness that wind through space in bundles of different directions. The tubes
/// of one direction and thickness are a family with a lattice of its own: each column of the lattice has at
/// most one tube, and each cube of the column one control point that the tube goes through.
class Neurites {
 public:
  explicit Neurites(std::uint64_t seed);

  /// Appends every segment whose surface is within `reach` (nm) of `p`. Of two segments that are both found
  /// from two places, the same one always comes first.
  void collect(const Vector& p, double reach, std::vector<Segment>& segments) const;

 private:
  struct Family {
    std::array<Vector, 3> frame;    // the directions of the lattice; columns run along the third
    double across, along;           // distances between columns and between control points, nm
    double radius_min, radius_max;  // of a neurite on average, nm
    double presence;                // part of the columns that have a neurite
  };
  struct ControlPoint {
    Vector at;
    double radius;
  };
  ControlPoint control_point(const Family& family, std::uint64_t neurite, const LatticeCell& cell) const;
  void collect(const Family& family, std::uint64_t number, const Vector& p, double reach,
               std::vector<Segment>& segments) const;

  std::uint64_t seed_;
  std::array<Family, 5> families_;
};

}  // namespace cleft::phantom
