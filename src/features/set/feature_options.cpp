#include "features/set/feature_options.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

/// The group's sigmas from small to large.
std::vector<double> sorted_group(const char* group, std::vector<double> sigmas) {
  std::sort(sigmas.begin(), sigmas.end());
  const auto twice = std::adjacent_find(sigmas.begin(), sigmas.end());
  if (twice != sigmas.end())
    throw ConfigError({.subject = fmt::format("features.{}", group),
                       .found = fmt::format("scale {} is listed twice", *twice),
                       .expected = "each scale once"});
  return sigmas;
}

}  // namespace

std::optional<double> scale_named(std::string_view name) {
  for (const auto& [known, sigma] : named_scales)
    if (known == name) return sigma;
  return std::nullopt;
}

FeatureSelection feature_selection(const FeatureOptions& options) {
  const std::vector<double> texture = sorted_group("texture", options.texture);
  const std::vector<double> color = sorted_group("color", options.color);
  const std::vector<double> edge = sorted_group("edge", options.edge);
  std::set<double> all(texture.begin(), texture.end());
  all.insert(color.begin(), color.end());
  all.insert(edge.begin(), edge.end());

  FeatureSelection selection{.scales = {},
                             .features = {},
                             .sigma_unit = options.sigma_unit,
                             .sections = options.sections,
                             .structure_tensor = options.structure_tensor};
  for (const double sigma : all) {
    const auto differs = options.dimensions_of_scale.find(sigma);
    const bool listed = differs != options.dimensions_of_scale.end();
    selection.scales.push_back({sigma, listed ? differs->second : options.dimensions});
  }
  for (const auto& [sigma, dimensions] : options.dimensions_of_scale)
    if (!all.contains(sigma))
      throw ConfigError({.subject = "features.dimensions",
                         .found = fmt::format("speaks of scale {}, which no group selects", sigma),
                         .expected = "a scale of texture, color or edge"});
  const auto add = [&](FeatureKind kind, const std::vector<double>& sigmas) {
    for (const double sigma : sigmas)
      selection.features.push_back({kind, to_size(std::distance(all.begin(), all.find(sigma)))});
  };
  add(FeatureKind::gaussian_smoothing, color);
  add(FeatureKind::laplacian_of_gaussian, edge);
  add(FeatureKind::gaussian_gradient_magnitude, edge);
  add(FeatureKind::difference_of_gaussians, edge);
  add(FeatureKind::structure_tensor_eigenvalues, texture);
  add(FeatureKind::hessian_of_gaussian_eigenvalues, texture);
  require_features(selection);
  return selection;
}

void require_features(const FeatureSelection& selection) {
  if (selection.features.empty())
    throw ConfigError(
        {.subject = "features", .found = "nothing is selected", .expected = "at least one scale"});
}

}  // namespace cleft
