#pragma once

#include "base/box.hpp"
#include "base/enum_words.hpp"
#include "features/filter_dialect.hpp"

namespace cleft {

/// The filters, in the order of their channels. A new one is appended: their numbers go between ranks.
enum class FeatureKind {
  gaussian_smoothing,
  laplacian_of_gaussian,
  gaussian_gradient_magnitude,
  difference_of_gaussians,
  structure_tensor_eigenvalues,
  hessian_of_gaussian_eigenvalues,
};

/// Whether a feature has one channel per filtered axis (one per eigenvalue) instead of one alone.
constexpr bool has_eigenvalues(FeatureKind kind) {
  return kind == FeatureKind::structure_tensor_eigenvalues ||
         kind == FeatureKind::hessian_of_gaussian_eigenvalues;
}

/// ilastik's name of the filter: "GaussianSmoothing".
const char* kind_name(FeatureKind kind);

/// What a scale's sigma is counted in.
enum class SigmaUnit { voxel, nm };

template <>
struct EnumWords<SigmaUnit> {
  static constexpr auto list =
      std::to_array<EnumWord<SigmaUnit>>({{SigmaUnit::voxel, "voxel"}, {SigmaUnit::nm, "nm"}});
};

/// One scale of the features. Every filter at this scale first smooths the image (presmoothing), then works
/// with a small kernel on the result, so that presmoothing is shared. Axes with sigma 0 are not filtered:
/// without z the scale is 2D, each section on its own.
struct Scale {
  double sigma = 1.0;                 ///< as the user states it
  SigmaUnit unit = SigmaUnit::voxel;  ///< of `sigma`
  PerAxis<double> sigmas{};           ///< per axis in voxels; 0 = this axis is not filtered

  bool active(int axis) const { return sigmas[axis] > 0.0; }
  int active_axes() const { return active(0) + active(1) + active(2); }
  bool is_2d() const { return !active(0); }

  /// Sigma of the presmoothing, per axis in voxels: sqrt(s*s - 1) where s > 1, else s. Its window is
  /// `presmoothing_window`.
  PerAxis<double> presmoothing() const;
  /// Sigma n = min(s, 1) of the filters, per axis in voxels. Their window is `filter_window`.
  PerAxis<double> filter() const;

  friend bool operator==(const Scale&, const Scale&) = default;
};

/// Kernels end this many sigmas from their centre.
inline constexpr double presmoothing_window = 3.5;
inline constexpr double filter_window = 2.0;

/// The difference of Gaussians subtracts the smoothing with this times n from the one with n.
inline constexpr double difference_ratio = 0.66;

/// Sigmas of the structure tensor's two steps, per axis in voxels.
struct TensorSigmas {
  PerAxis<double> derivative, averaging;
};
/// Where sigma is given in nm, no axis gets a derivative sigma under 0.25: below that the kernel is the
/// identity, and grey values instead of slopes would enter the tensor. (In voxels ilastik does just that at
/// sigma 0.3.)
TensorSigmas tensor_sigmas(const Scale& scale, FilterDialect dialect);

/// How many voxels the presmoothing reaches, per axis.
Extent presmoothing_reach(const Scale& scale, FilterDialect dialect);
/// How many voxels of the presmoothed image around a voxel its filtered value depends on, per axis.
Extent filter_reach(FeatureKind kind, const Scale& scale, FilterDialect dialect);

}  // namespace cleft
