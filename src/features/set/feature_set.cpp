#include "features/set/feature_set.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

constexpr double min_sigma = 0.3;  // voxels; below, an axis is not filtered
constexpr double largest_sigma = 1000.0;
constexpr const char* axis_names[] = {"z", "y", "x"};

std::string sigma_text(double sigma, SigmaUnit unit) {
  return fmt::format("{}{}", sigma, unit == SigmaUnit::nm ? "nm" : "");
}

/// \pre unit is voxel or there is a voxel size.
PerAxis<double> sigmas_per_axis(const FeatureSelection::ScaleChoice& choice, SigmaUnit unit,
                                const std::optional<VoxelSize>& voxel_size) {
  PerAxis<double> sigmas;
  for (int axis = 0; axis < 3; ++axis) {
    const bool filtered = axis > 0 || choice.dimensions == Dimensions::three;
    const double sigma = unit == SigmaUnit::nm ? choice.sigma / (*voxel_size)[axis] : choice.sigma;
    sigmas[axis] = filtered && sigma >= min_sigma ? sigma : 0.0;
  }
  return sigmas;
}

/// A scale as the filters need it, or the reason why it cannot be used.
Scale make_scale(const FeatureSelection::ScaleChoice& choice, SigmaUnit unit,
                 const std::optional<VoxelSize>& voxel_size) {
  const std::string subject = fmt::format("features: scale {}", sigma_text(choice.sigma, unit));
  if (!std::isfinite(choice.sigma) || choice.sigma <= 0.0)
    throw ConfigError({.subject = subject, .found = "is not a width", .expected = "a sigma above 0"});
  const Scale scale{.sigma = choice.sigma, .unit = unit, .sigmas = sigmas_per_axis(choice, unit, voxel_size)};
  if (std::max({scale.sigmas.z, scale.sigmas.y, scale.sigmas.x}) > largest_sigma)
    throw ConfigError({.subject = subject,
                       .found = "is too large",
                       .expected = fmt::format("at most {} voxels", largest_sigma)});
  if (scale.active_axes() < 2)
    throw ConfigError(
        {.subject = subject,
         .found = fmt::format("filters {} of 3 axes, since sigma is under {} voxels on the others",
                              scale.active_axes(), min_sigma),
         .expected = "at least 2"});
  return scale;
}

void check_voxel_size(const std::optional<VoxelSize>& voxel_size) {
  if (!voxel_size)
    throw ConfigError({.subject = "features.sigma_unit",
                       .found = "is nm, but the volume has no voxel size",
                       .expected = "volume.voxel_size_nm, or sigmas in voxels"});
  if (!(std::min({voxel_size->z, voxel_size->y, voxel_size->x}) > 0.0))
    throw ConfigError({.subject = "features.sigma_unit: nm",
                       .found = "the voxel size is " + to_string(*voxel_size),
                       .expected = "lengths above 0"});
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

FeatureSet::FeatureSet(const FeatureOptions& options, const std::optional<VoxelSize>& voxel_size)
    : FeatureSet(feature_selection(options), voxel_size) {}

FeatureSet::FeatureSet(const FeatureSelection& selection, const std::optional<VoxelSize>& voxel_size)
    : features_(selection.features),
      sections_(selection.sections),
      structure_tensor_(selection.structure_tensor),
      image_channels_(selection.image_channels) {
  require_features(selection);
  if (selection.sigma_unit == SigmaUnit::nm) check_voxel_size(voxel_size);
  for (const auto& choice : selection.scales)
    scales_.push_back(make_scale(choice, selection.sigma_unit, voxel_size));
  if (image_channels_ < 1)
    throw ConfigError({.subject = "features",
                       .found = fmt::format("are of an image with {} channels", image_channels_),
                       .expected = "at least 1"});
  if (sections_ < 0)
    throw ConfigError(
        {.subject = "features.sections", .found = fmt::format("is {}", sections_), .expected = "0 or more"});
  const auto is_2d = [](const Scale& scale) { return scale.is_2d(); };
  if (sections_ > 0 && std::none_of(scales_.begin(), scales_.end(), is_2d))
    throw ConfigError({.subject = "features.sections",
                       .found = fmt::format("is {}, but every scale is 3D", sections_),
                       .expected = "2D scales (features.dimensions: 2d) to take from neighbouring sections"});
}

int FeatureSet::channels_of(std::size_t feature) const {
  const Feature& f = features_[feature];
  return has_eigenvalues(f.kind) ? scales_[f.scale].active_axes() : 1;
}

int FeatureSet::channels_before(std::size_t feature, bool only_2d) const {
  int count = 0;
  for (std::size_t f = 0; f < feature; ++f)
    if (!only_2d || scales_[features_[f].scale].is_2d()) count += channels_of(f) * image_channels_;
  return count;
}

int FeatureSet::first_channel(std::size_t feature, int dz, int image_channel) const {
  const int before = image_channel * channels_of(feature);
  if (dz == 0) return channels_before(feature, false) + before;
  const int neighbour =
      dz < 0 ? dz + sections_ : dz + sections_ - 1;  // 0 for dz = -k, counting without dz = 0
  return channels_before(features_.size(), false) + neighbour * channels_before(features_.size(), true) +
         channels_before(feature, true) + before;
}

int FeatureSet::channel_count() const {
  return channels_before(features_.size(), false) + 2 * sections_ * channels_before(features_.size(), true);
}

std::string FeatureSet::channel_name(std::size_t feature, int image_channel, int eigenvalue, int dz) const {
  const Feature& f = features_[feature];
  const Scale& scale = scales_[f.scale];
  std::string name = fmt::format("{} sigma={}", kind_name(f.kind), sigma_text(scale.sigma, scale.unit));
  if (image_channels_ > 1) name += fmt::format(" channel={}", image_channel);
  if (has_eigenvalues(f.kind)) name += fmt::format(" [{}]", eigenvalue);
  if (dz != 0) name += fmt::format(" dz={}", dz);
  return name;
}

std::vector<std::string> FeatureSet::channel_names() const {
  std::vector<std::string> names(to_size(channel_count()));
  for (std::size_t f = 0; f < features_.size(); ++f) {
    const int reach = scales_[features_[f].scale].is_2d() ? sections_ : 0;
    for (int dz = -reach; dz <= reach; ++dz)
      for (int c = 0; c < image_channels_; ++c)
        for (int i = 0; i < channels_of(f); ++i) {
          const int channel = first_channel(f, dz, c) + i;
          names[to_size(channel)] = channel_name(f, c, i, dz);
        }
  }
  return names;
}

Extent FeatureSet::filter_halo(std::size_t scale) const {
  Extent reach;
  for (const Feature& f : features_) {
    if (f.scale != scale) continue;
    const Extent own = filter_reach(f.kind, scales_[scale], structure_tensor_);
    for (int axis = 0; axis < 3; ++axis) reach[axis] = std::max(reach[axis], own[axis]);
  }
  return reach;
}

Extent FeatureSet::halo() const {
  Extent halo{sections_, 0, 0};
  for (std::size_t s = 0; s < scales_.size(); ++s) {
    const Extent reach = presmoothing_reach(scales_[s], structure_tensor_) + filter_halo(s);
    for (int axis = 0; axis < 3; ++axis) halo[axis] = std::max(halo[axis], reach[axis]);
  }
  return halo;
}

void FeatureSet::check_fits(const Extent& volume) const {
  for (const Scale& scale : scales_)
    for (int axis = 0; axis < 3; ++axis) {
      if (!scale.active(axis)) continue;
      const auto needed = static_cast<std::int64_t>(std::ceil(presmoothing_window * scale.sigmas[axis])) + 1;
      if (volume[axis] >= needed) continue;
      throw InputError({.subject = fmt::format("features: scale {}", sigma_text(scale.sigma, scale.unit)),
                        .found = fmt::format("is too large for a volume of {} voxels in {}", volume[axis],
                                             axis_names[axis]),
                        .expected = fmt::format("at least {} voxels in {}{}", needed, axis_names[axis],
                                                axis == 0 ? ", or 'dimensions: 2d' for this scale" : "")});
    }
}

}  // namespace cleft
