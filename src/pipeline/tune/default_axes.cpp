#include "pipeline/tune/default_axes.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "base/text/numbers.hpp"
#include "config/key.hpp"
#include "config/show.hpp"

namespace cleft {
namespace {

/// A key, the key that stands for the same in another unit, and what is tried.
struct UsualAxis {
  std::string key, other;
  std::vector<std::string> values;
};

/// Synapses are some 50 nm thick and 100 to 1000 nm wide. Steps are coarse: values between them did not
/// differ beyond the error of what there is to judge by, and each more is one more that may win by luck.
std::vector<UsualAxis> usual_axes(bool in_nm) {
  std::vector<UsualAxis> axes;
  if (in_nm)
    axes.push_back({"threshold.sigma_nm", "threshold.sigma", {"0", "8", "16", "32"}});
  else
    axes.push_back({"threshold.sigma", "threshold.sigma_nm", {"0", "1", "2", "5"}});
  axes.push_back({"threshold.reference_ratio", "", {"0.25", "0.5", "1"}});
  axes.push_back({"threshold.core_ratio", "", {"0.5", "1", "2", "3", "5", "10", "20"}});
  axes.push_back({"components.connectivity", "", {"6", "26"}});
  if (in_nm) {
    axes.push_back({"filter.min_volume_nm3", "filter.min_size", {"10000", "40000", "100000", "300000"}});
    axes.push_back({"filter.max_volume_nm3", "filter.max_size", {"10000000", "50000000", "200000000"}});
  } else {
    axes.push_back({"filter.min_size", "filter.min_volume_nm3", {"10", "100", "300", "1000"}});
    axes.push_back({"filter.max_size", "filter.max_volume_nm3", {"3000", "30000", "200000"}});
  }
  return axes;
}

/// Whether one of the usual values is so near to the configured one that nothing is learnt from both.
bool is_about(const std::string& usual, double configured) {
  constexpr double near = 0.2;
  const auto number = number_from<double>(usual);
  return number && std::abs(*number - configured) <= near * configured;
}

/// Puts the configured value of a key among others, in order where all are numbers, in place of those that
/// it is about. Values that somebody gave all stay.
SettingAxis with_configured(const Config& config, const std::string& key, std::vector<std::string> values,
                            bool are_usual = true) {
  const std::string shown = shown_value(config, key);
  const bool is_open =
      key == "threshold.sigma" && !config.given_at.contains(key);  // depends on the voxel size
  if (shown == "none" || is_open) {
    if (std::ranges::find(values, shown) == values.end()) values.emplace_back(as_configured);
    return {key, values};
  }
  const auto number = number_from<double>(shown);
  if (are_usual && number)
    std::erase_if(values, [&](const std::string& value) { return is_about(value, *number); });
  for (const std::string& value : values)
    if (value == shown || (number && number_from<double>(value) == number)) return {key, values};
  const auto at = std::ranges::find_if(values, [&](const std::string& value) {
    const auto other = number_from<double>(value);
    return number && other && *other > *number;
  });
  values.insert(at, shown);
  return {key, values};
}

bool is_nearly_isotropic(const VoxelSize& voxel) {
  constexpr double nearly = 2;
  return std::max({voxel.z, voxel.y, voxel.x}) <= nearly * std::min({voxel.z, voxel.y, voxel.x});
}

}  // namespace

std::vector<SettingAxis> axes_to_tune(const Config& config, const VolumeFacts& volume,
                                      const std::vector<SettingAxis>& given) {
  const auto given_axis = [&](const std::string& key) {
    return std::ranges::find_if(given, [&](const SettingAxis& axis) { return axis.key == key; });
  };
  std::vector<SettingAxis> axes;
  for (const auto& [key, other, values] : usual_axes(volume.voxel_size.has_value()))
    if (given_axis(key) == given.end() && given_axis(other) == given.end())
      axes.push_back(with_configured(config, key, values));
  for (const SettingAxis& axis : given) axes.push_back(with_configured(config, axis.key, axis.values, false));
  return axes;
}

std::vector<SettingAxis> split_axes(const Config& config, const VolumeFacts& volume) {
  const bool isotropic = volume.voxel_size && is_nearly_isotropic(*volume.voxel_size);
  if (!isotropic && config.split.by == Split::none) return {};
  std::vector<std::string> ways{"none", "cores"}, distances;
  if (isotropic || config.split.by == Split::distance) {
    ways.emplace_back("distance");
    distances = {"30", "50", "70", "100", "150"};
  }
  return {with_configured(config, "components.split", ways),
          with_configured(config, "components.split_distance_nm", distances)};
}

}  // namespace cleft
