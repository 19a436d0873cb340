#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "phantom/lattice.hpp"
#include "phantom/vector.hpp"

namespace cleft::phantom {

/// A piece of a neurite: a straight tube whose radius changes evenly from one end to the other.
struct Segment {
  Vector from, along;         ///< from `from` to `from + along`, nm
  double inverse_square = 0;  ///< 1 / |along|²
  double radius = 0;          ///< at `from`, nm
  double growth = 0;          ///< radius at the other end − radius, nm
  std::uint64_t neurite = 0;  ///< the same for all segments of one neurite

  /// Where along the axis `p` is nearest: 0 = from … 1 = the other end.
  double nearest(const Vector& p) const {
    const double t = dot(p - from, along) * inverse_square;
    return t < 0 ? 0 : t > 1 ? 1 : t;
  }
  /// From `p` to the surface, nm; negative inside.
  double distance(const Vector& p) const {
    const double t = nearest(p);
    return length(p - from - t * along) - radius - t * growth;
  }
};

/// Endless tubes of several calibres that wind through space along bundles in different directions: one tube
/// per column of a family's lattice, one control point per cube of a column.
class Neurites {
 public:
  explicit Neurites(std::uint64_t seed);

  /// Appends every segment whose surface is within `reach` of `p`, in an order that depends on `p` only
  /// through which segments there are.
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
