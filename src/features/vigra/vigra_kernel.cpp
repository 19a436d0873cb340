#include "features/vigra/vigra_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/narrow.hpp"
#include "features/gaussian.hpp"

namespace cleft {
namespace {

/// A sampled kernel and its normalisation in T, float or double. Where a double turns up among floats below,
/// that is where VIGRA's expressions widen too.
template <class T>
class Sampled {
 public:
  Sampled(int order, double sigma, std::int64_t radius)
      : order_(order), sigma_(static_cast<T>(sigma)), radius_(radius) {
    for (std::int64_t x = -radius; x <= radius; ++x) taps_.push_back(value(static_cast<T>(x)));
    if (order > 0) remove_mean();
    normalise();
  }

  /// In the order in which they meet the voxels: a convolution turns its kernel round.
  std::vector<double> turned_round() const { return {taps_.rbegin(), taps_.rend()}; }

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
    T response = 0;  // to 1, x or x*x/2
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

std::optional<VigraArithmetic> vigra_arithmetic(StructureTensor dialect, VigraArithmetic arithmetic) {
  if (dialect == StructureTensor::ilastik_1_2) return arithmetic;
  return std::nullopt;
}

std::int64_t vigra_kernel_radius(double sigma, double window) {
  return sigma > 0.0 ? std::max<std::int64_t>(kernel_radius(sigma, window), 1) : 0;
}

VigraKernel vigra_kernel(VigraArithmetic arithmetic, int order, double sigma, double window) {
  const std::int64_t radius = vigra_kernel_radius(sigma, window);
  if (arithmetic == VigraArithmetic::floats)
    return {arithmetic, Sampled<float>(order, sigma, radius).turned_round()};
  return {arithmetic, Sampled<double>(order, sigma, radius).turned_round()};
}

}  // namespace cleft
