#pragma once

#include <array>

namespace cleft::phantom {

/// Weights of the previous, own and next node of a uniform quadratic B-spline at `u`, 0 … 1 of the own node's
/// interval. They sum to 1.
constexpr std::array<double, 3> spline_weights(double u) {
  return {0.5 * (1 - u) * (1 - u), 0.5 + u - u * u, 0.5 * u * u};
}

/// Their derivatives by u; they sum to 0.
constexpr std::array<double, 3> spline_slopes(double u) {
  return {u - 1, 1 - 2 * u, u};
}

}  // namespace cleft::phantom
