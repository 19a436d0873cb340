#include "features/scale.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "features/gaussian.hpp"

namespace cleft {
namespace {

template <class Function>
PerAxis<double> each_axis(const PerAxis<double>& sigmas, Function function) {
  return {function(sigmas.z), function(sigmas.y), function(sigmas.x)};
}

Extent radii(const PerAxis<double>& sigmas, double window, FilterDialect dialect) {
  const auto radius = dialect == FilterDialect::ilastik_1_2 ? vigra_kernel_radius : kernel_radius;
  return {radius(sigmas.z, window), radius(sigmas.y, window), radius(sigmas.x, window)};
}

}  // namespace

const char* kind_name(FeatureKind kind) {
  switch (kind) {
    case FeatureKind::gaussian_smoothing:
      return "GaussianSmoothing";
    case FeatureKind::laplacian_of_gaussian:
      return "LaplacianOfGaussian";
    case FeatureKind::gaussian_gradient_magnitude:
      return "GaussianGradientMagnitude";
    case FeatureKind::difference_of_gaussians:
      return "DifferenceOfGaussians";
    case FeatureKind::structure_tensor_eigenvalues:
      return "StructureTensorEigenvalues";
    case FeatureKind::hessian_of_gaussian_eigenvalues:
      return "HessianOfGaussianEigenvalues";
  }
  throw InternalError("feature kind out of range");
}

PerAxis<double> Scale::presmoothing() const {
  return each_axis(sigmas, [](double s) { return s > 1.0 ? std::sqrt(s * s - 1.0) : s; });
}

PerAxis<double> Scale::filter() const {
  return each_axis(sigmas, [](double s) { return std::min(s, 1.0); });
}

TensorSigmas tensor_sigmas(const Scale& scale, FilterDialect dialect) {
  const PerAxis<double> full = scale.filter();
  const PerAxis<double> half = each_axis(full, [](double n) { return 0.5 * n; });
  if (dialect == FilterDialect::ilastik_1_2) return {.derivative = full, .averaging = half};
  const double min_sigma = scale.unit == SigmaUnit::nm ? 0.25 : 0.0;
  const auto limited = [&](double n) { return n > 0.0 ? std::max(n, min_sigma) : 0.0; };
  return {.derivative = each_axis(half, limited), .averaging = full};
}

Extent presmoothing_reach(const Scale& scale, FilterDialect dialect) {
  return radii(scale.presmoothing(), presmoothing_window, dialect);
}

Extent filter_reach(FeatureKind kind, const Scale& scale, FilterDialect dialect) {
  if (kind != FeatureKind::structure_tensor_eigenvalues) return radii(scale.filter(), filter_window, dialect);
  const TensorSigmas tensor = tensor_sigmas(scale, dialect);
  return radii(tensor.derivative, filter_window, dialect) + radii(tensor.averaging, filter_window, dialect);
}

}  // namespace cleft
