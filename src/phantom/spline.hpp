#pragma once

#include <array>

namespace cleft::phantom {

/// A uniform quadratic B-spline: the weights of the previous, the own and the next node at the place `u` in
/// the own node's interval, 0 at its beginning … 1 at its end. They sum to 1.
constexpr std::array<double, 3> spline_weights(double u) {
  return {0.5 * (1 - u) * (1 - u), 0.5 + u - u * u, 0.5 * u * u};
}

/// The derivatives of spline_weights by u. They sum to 0.
constexpr std::array<double, 3> spline_slopes(double u) {
  return {u - 1, 1 - 2 * u, u};
}

}  // namespace cleft::phantom
