#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/key_sections.hpp"

namespace cleft {
namespace {

/// A scale of the features: one of the names that ilastik uses, or a sigma.
ValueKind<double> scale() {
  std::vector<std::string> names;
  for (const auto& [name, sigma] : named_scales) names.push_back(fmt::format("{} ({})", name, sigma));
  const auto sigma_kind = number_above_zero();
  return {fmt::format("{} or {}", fmt::join(names, ", "), sigma_kind.expected),
          [sigma_kind](const YAML::Node& node, const std::filesystem::path& directory) {
            if (const auto sigma = scale_named(scalar_text(node))) return *sigma;
            return sigma_kind.parse(node, directory);
          },
          [sigma_kind](const double& sigma) {
            for (const auto& [name, known] : named_scales)
              if (known == sigma) return std::string(name);
            return sigma_kind.show(sigma);
          }};
}

ValueKind<Dimensions> dimensions() {
  return one_of<Dimensions>();
}

/// `2d` or `3d` for all scales, or a map from scales to dimensions; scales that are not in the map are 3d.
Key dimensions_key() {
  Key key{"features.dimensions",
          "whether filters see the volume or each section alone",
          dimensions().expected + "; or by scale, as in {large: 2d, huge: 3d}",
          Affects::predict,
          "",
          {},
          {}};
  key.parse = [](Config& config, const YAML::Node& node, const std::filesystem::path& directory) {
    config.features.dimensions = node.IsMap() ? Dimensions::three : dimensions().parse(node, directory);
    config.features.dimensions_of_scale.clear();
    if (!node.IsMap()) return;
    for (const auto& entry : node) {
      const bool first =
          config.features.dimensions_of_scale
              .emplace(scale().parse(entry.first, directory), dimensions().parse(entry.second, directory))
              .second;
      if (!first) throw BadValue{describe(entry.first) + " a second time"};
    }
  };
  key.show = [](const Config& config) -> std::optional<std::string> {
    const FeatureOptions& features = config.features;
    if (features.dimensions_of_scale.empty()) return dimensions().show(features.dimensions);
    std::vector<std::string> entries;
    for (const auto& [sigma, of_scale] : features.dimensions_of_scale)
      entries.push_back(fmt::format("{}: {}", scale().show(sigma), dimensions().show(of_scale)));
    return fmt::format("{{{}}}", fmt::join(entries, ", "));
  };
  return key;
}

}  // namespace

void add_feature_keys(std::vector<Key>& keys) {
  constexpr int max_sections = 16;
  keys.push_back(field_key(
      "features.texture", Affects::predict, [](auto& c) -> auto& { return c.features.texture; },
      list_of(scale()), "scales (sigma in voxels) of the eigenvalues of Hessian and structure tensor"));
  keys.push_back(field_key(
      "features.color", Affects::predict, [](auto& c) -> auto& { return c.features.color; }, list_of(scale()),
      "scales of the Gaussian smoothing"));
  keys.push_back(field_key(
      "features.edge", Affects::predict, [](auto& c) -> auto& { return c.features.edge; }, list_of(scale()),
      "scales of gradient magnitude, Laplacian and difference of Gaussians"));
  keys.push_back(dimensions_key());
  keys.push_back(field_key(
      "features.sigma_unit", Affects::predict, [](auto& c) -> auto& { return c.features.sigma_unit; },
      one_of<SigmaUnit>(),
      "unit of the scales; nm is divided by the voxel size of each axis, and an axis with less than 0.3 "
      "voxel left is not "
      "filtered"));
  keys.push_back(field_key(
      "features.sections", Affects::predict, [](auto& c) -> auto& { return c.features.sections; },
      whole_number<int>(0, max_sections),
      "append the 2D features of so many neighbouring sections on either side"));
  keys.push_back(field_key(
      "features.structure_tensor", Affects::predict, [](auto& c) -> auto& { return c.features.dialect; },
      one_of<FilterDialect>(),
      "compute as ilastik does since 1.3, or as ilastik 1.2 did, which differs most in the structure "
      "tensor"));
}

}  // namespace cleft
