#pragma once

#include <cmath>

namespace cleft::phantom {

/// A position in nm, or a direction, in z, y, x order.
struct Vector {
  double z = 0, y = 0, x = 0;

  friend constexpr Vector operator+(const Vector& a, const Vector& b) {
    return {a.z + b.z, a.y + b.y, a.x + b.x};
  }
  friend constexpr Vector operator-(const Vector& a, const Vector& b) {
    return {a.z - b.z, a.y - b.y, a.x - b.x};
  }
  friend constexpr Vector operator*(double k, const Vector& a) { return {k * a.z, k * a.y, k * a.x}; }
};

constexpr double dot(const Vector& a, const Vector& b) {
  return a.z * b.z + a.y * b.y + a.x * b.x;
}
constexpr double square(const Vector& a) {
  return dot(a, a);
}
constexpr Vector cross(const Vector& a, const Vector& b) {
  return {a.x * b.y - a.y * b.x, a.z * b.x - a.x * b.z, a.y * b.z - a.z * b.y};
}
inline double length(const Vector& a) {
  return std::sqrt(square(a));
}
/// The direction of `a`, of length 1.
/// \pre `a` is not zero.
inline Vector normalized(const Vector& a) {
  return (1.0 / length(a)) * a;
}

/// A direction at right angles to `a`, of length 1.
/// \pre `a` has length 1.
inline Vector perpendicular(const Vector& a) {
  const Vector helper = std::abs(a.z) < 0.7 ? Vector{1, 0, 0} : Vector{0, 1, 0};
  return normalized(cross(a, helper));
}

}  // namespace cleft::phantom
