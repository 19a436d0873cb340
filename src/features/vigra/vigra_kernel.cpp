#include "features/vigra/vigra_kernel.hpp"

#include <cmath>
#include <numbers>

#include "base/narrow.hpp"
#include "features/gaussian.hpp"

namespace cleft::features {
namespace {

/// Samples and normalises a kernel in T, float or double. Where floats are mixed with doubles below, VIGRA's
/// own expressions are doubles too.
template <class T>
class Sampled {
 public:
  Sampled(int order, double sigma, std::int64_t radius)
      : order_(order), sigma_(static_cast<T>(sigma)), radius_(radius) {
    for (std::int64_t x = -radius; x <= radius; ++x) taps_.push_back(value(static_cast<T>(x)));
    if (order > 0) remove_mean();
    normalise();
  }

  /// The taps in the order of the voxels they belong to: a convolution reverses its kernel.
  std::vector<double> reversed() const { return {taps_.rbegin(), taps_.rend()}; }

 private:
  T value(T x) const {
    const double root = std::sqrt(2.0 * std::numbers::pi);
    const auto prefactor =
        static_cast<T>(order_ == 0 ? 1.0 / root / sigma_ : -1.0 / (root * (sigma_ * sigma_) * sigma_));
    const auto exponent = static_cast<T>(-0.5 / sigma_ / sigma_);
    const T gauss = prefactor * std::exp(x * x * exponent);
    if (order_ == 0) return gauss;
    if (order_ == 1) return x * gauss;
    const T ratio = x / sigma_;
    return static_cast<T>((1.0 - ratio * ratio) * gauss);
  }

  void remove_mean() {
    T sum = 0;
    for (const T tap : taps_) sum += tap;
    const auto mean = static_cast<T>(sum / (2.0 * narrow<double>(radius_) + 1.0));
    for (T& tap : taps_) tap -= mean;
  }

  void normalise() {
    T response = 0;  // what the kernel makes of 1, x or x*x/2, by its order
    auto x = -narrow<double>(radius_);
    for (const T tap : taps_) {
      if (order_ == 0) response += tap;
      if (order_ == 1) response = static_cast<T>(response + tap * -x);
      if (order_ == 2) response = static_cast<T>(response + tap * (x * x) / 2.0);
      ++x;
    }
    const T factor = T{1} / response;
    for (T& tap : taps_) tap *= factor;
  }

  int order_;
  T sigma_;
  std::int64_t radius_;
  std::vector<T> taps_;
};

}  // namespace

VigraKernel vigra_kernel(VigraArithmetic arithmetic, int order, double sigma, double window) {
  const std::int64_t radius = vigra_kernel_radius(sigma, window);
  if (arithmetic == VigraArithmetic::floats)
    return {arithmetic, Sampled<float>(order, sigma, radius).reversed()};
  return {arithmetic, Sampled<double>(order, sigma, radius).reversed()};
}

}  // namespace cleft::features
