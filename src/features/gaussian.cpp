#include "features/gaussian.hpp"

#include <cmath>
#include <numbers>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// The unnormalised kernel at x >= 0. The prefactor does not survive normalisation but takes part in the
/// rounding of the taps.
float sample(int order, double sigma, std::int64_t x) {
  const double root = std::sqrt(2.0 * std::numbers::pi);
  const double prefactor = order == 0 ? 1.0 / (root * sigma) : -1.0 / (root * std::pow(sigma, 3.0));
  const auto distance = narrow<double>(x);
  const double gauss = prefactor * std::exp(distance * distance * (-0.5 / sigma / sigma));
  if (order == 0) return static_cast<float>(gauss);
  if (order == 1) return static_cast<float>(distance * gauss);
  const double ratio = distance / sigma;
  return static_cast<float>((1.0 - ratio * ratio) * gauss);
}

/// Sum of all taps, left and right.
double whole_sum(const std::vector<float>& taps) {
  double sum = taps[0];
  for (std::size_t k = 1; k < taps.size(); ++k) sum += 2.0 * static_cast<double>(taps[k]);
  return sum;
}

/// What the kernel makes of x (order 1, with the sign of the raw taps) or x*x/2 (order 2) at 0: left side,
/// then right.
double response(int order, const std::vector<float>& taps) {
  double sum = 0.0;
  for (std::size_t k = 1; k < taps.size(); ++k) {
    const auto x = narrow<double>(k);
    const double one_side = static_cast<double>(taps[k]) * (order == 1 ? x : x * x / 2.0);
    sum += one_side;
    sum += one_side;
  }
  return sum;
}

}  // namespace

std::int64_t kernel_radius(double sigma, double window) {
  return static_cast<std::int64_t>(std::floor(window * sigma + 0.5));
}

Kernel gaussian_kernel(int order, double sigma, double window) {
  Kernel kernel{.order = order};
  const std::int64_t radius = kernel_radius(sigma, window);
  if (radius == 0) return kernel;
  kernel.taps.clear();
  for (std::int64_t x = 0; x <= radius; ++x) kernel.taps.push_back(sample(order, sigma, x));
  if (order == 2) {
    const double mean = whole_sum(kernel.taps) / narrow<double>(2 * radius + 1);
    for (float& tap : kernel.taps) tap = static_cast<float>(static_cast<double>(tap) - mean);
  }
  const double norm = order == 0 ? whole_sum(kernel.taps) : response(order, kernel.taps);
  for (float& tap : kernel.taps) tap = static_cast<float>(static_cast<double>(tap) / norm);
  return kernel;
}

}  // namespace cleft
