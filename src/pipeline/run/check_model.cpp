#include "pipeline/run/check_model.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "config/resolve.hpp"
#include "pipeline/run/grey_sample.hpp"

namespace cleft {
namespace {

/// The key that selects a filter's scales.
std::string key_of(FeatureKind kind) {
  switch (kind) {
    case FeatureKind::gaussian_smoothing:
      return "features.color";
    case FeatureKind::laplacian_of_gaussian:
    case FeatureKind::gaussian_gradient_magnitude:
    case FeatureKind::difference_of_gaussians:
      return "features.edge";
    case FeatureKind::structure_tensor_eigenvalues:
    case FeatureKind::hessian_of_gaussian_eigenvalues:
      return "features.texture";
  }
  throw InternalError("feature kind out of range");
}

using FilterWidths = std::vector<std::pair<FeatureKind, double>>;

/// The filters that a key selects with their sigmas, in the order of their channels.
FilterWidths filters_of(const std::string& key, const FeatureSelection& selection) {
  FilterWidths filters;
  for (const Feature& f : selection.features)
    if (key_of(f.kind) == key) filters.emplace_back(f.kind, selection.scales[f.scale].sigma);
  return filters;
}

/// Whether a scale that both have is 2D in one and 3D in the other.
bool differ_in_dimensions(const FeatureSelection& a, const FeatureSelection& b) {
  for (const auto& of_a : a.scales)
    for (const auto& of_b : b.scales)
      if (of_a.sigma == of_b.sigma && of_a.dimensions != of_b.dimensions) return true;
  return false;
}

bool same_axes(const Scale& a, const Scale& b) {
  return a.active(0) == b.active(0) && a.active(1) == b.active(1) && a.active(2) == b.active(2);
}

}  // namespace

std::vector<std::string> differing_feature_keys(const FeatureSelection& a, const FeatureSelection& b) {
  std::vector<std::string> keys;
  for (const std::string key : {"features.texture", "features.color", "features.edge"})
    if (filters_of(key, a) != filters_of(key, b)) keys.push_back(key);
  if (differ_in_dimensions(a, b)) keys.emplace_back("features.dimensions");
  if (a.sigma_unit != b.sigma_unit) keys.emplace_back("features.sigma_unit");
  if (a.sections != b.sections) keys.emplace_back("features.sections");
  if (a.dialect != b.dialect) keys.emplace_back("features.structure_tensor");
  return keys;
}

void check_classes_are_meant(const Config& config, const std::vector<std::string>& classes,
                             const std::string& owner) {
  if (config.states("classes") && config.classes != classes)
    throw ConfigError({config.subject("classes"), fmt::format("are {}", fmt::join(config.classes, ", ")),
                       fmt::format("those of {}: {}", owner, fmt::join(classes, ", "))});
}

void check_model_is_meant(const Config& config, const Model& model) {
  check_classes_are_meant(config, model.classes, "the model");
  if (!config.states("features")) return;
  const auto keys = differing_feature_keys(feature_selection(config.features), model.features);
  if (!keys.empty())
    throw ConfigError(
        {model_path(config).string(),
         fmt::format("was trained on other channels, with other values of {}", fmt::join(keys, ", ")),
         "the same features as in training, or none stated"});
}

FeatureSet features_as_trained(const Config& config, const Model& model,
                               const std::optional<VoxelSize>& voxel_size) {
  FeatureSet features(model.features, voxel_size);
  if (model.features.sigma_unit == SigmaUnit::voxel) return features;
  if (const auto sigma = scale_of_other_axes(features, FeatureSet(model.features, model.voxel_size)))
    throw ConfigError(
        {model_path(config).string(),
         fmt::format("its scale {}nm filters other axes at the volume's {} than at the {} it was trained at",
                     *sigma, to_string(*voxel_size), to_string(*model.voxel_size)),
         "a model trained on volumes of about this voxel size"});
  return features;
}

std::optional<double> scale_of_other_axes(const FeatureSet& a, const FeatureSet& b) {
  const auto& scales = a.scales();
  const auto differs = std::mismatch(scales.begin(), scales.end(), b.scales().begin(), same_axes).first;
  return differs == scales.end() ? std::nullopt : std::optional(differs->sigma);
}

bool alike(const VoxelSize& a, const VoxelSize& b) {
  constexpr double factor = 1.2;
  for (int axis = 0; axis < 3; ++axis)
    if (std::max(a[axis], b[axis]) > factor * std::min(a[axis], b[axis])) return false;
  return true;
}

void check_type_is_accepted(const Config& config, const Model& model, const VolumeFacts& volume) {
  const std::string type = to_string(volume.type);
  if (config.predict.accept_type || !model.grey.known() || type == model.grey.type) return;
  const ValueRange seen = sample_grey(volume.path), then = model.grey.range;
  const float quarter = (then.max - then.min) / 4;
  const bool within = seen.min >= then.min - quarter && seen.max <= then.max + quarter;
  if (!seen.empty() && within && seen.max - seen.min >= quarter) return;
  throw InputError(
      {to_string(volume.path),
       fmt::format(
           "holds {} values ({} to {} where it was looked at), but the model {} was trained on {} ({} to {})",
           type, seen.min, seen.max, model_path(config).string(), model.grey.type, then.min, then.max),
       fmt::format(
           "values on the scale of the model's, or a model trained on {}, or predict.accept_type: true",
           type)});
}

std::vector<std::string> unlike_training(const Model& model, ElementType type,
                                         const std::optional<VoxelSize>& voxel_size) {
  std::vector<std::string> lines;
  if (model.grey.known() && to_string(type) != model.grey.type)
    lines.push_back(
        fmt::format("holds {} values, but the model was trained on {}", to_string(type), model.grey.type));
  if (voxel_size && model.voxel_size && !alike(*voxel_size, *model.voxel_size))
    lines.push_back(fmt::format("has voxels of {}, but the model was trained at {}", to_string(*voxel_size),
                                to_string(*model.voxel_size)));
  return lines;
}

std::vector<std::string> unlike_training(const Model& model, const ValueRange& grey) {
  std::vector<std::string> lines;
  const ValueRange& then = model.grey.range;
  if (model.grey.known() && !grey.empty() && (grey.max < then.min || grey.min > then.max))
    lines.push_back(fmt::format("has grey values from {} to {}, but the model was trained on {} to {}",
                                grey.min, grey.max, then.min, then.max));
  return lines;
}

}  // namespace cleft
