#include "config/resolve.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/voxel_size.hpp"
#include "config/key.hpp"

namespace cleft {
namespace {

[[noreturn]] void fail_missing(const Config& config, const std::string& name) {
  const auto all = keys();
  const auto key = std::find_if(all.begin(), all.end(), [&](const Key& k) { return k.name == name; });
  throw ConfigError({.subject = config.subject(name), .found = "not given", .expected = key->meaning});
}

/// The file and the dataset of a location.
/// \param section  The section whose keys `path` and `dataset` the location holds.
/// \pre            location.path is given.
/// \throws         ConfigError when the path names another dataset than the key `dataset`.
VolumePath joined(const Config& config, const DatasetLocation& location, const std::string& section) {
  VolumePath path = VolumePath::parse(location.path->string());
  path.options.axes = location.axes.value_or("");
  path.options.axes_key = config.subject(section + ".axes");
  path.options.follow_links = config.volume.follow_links;
  path.options.follow_key = "volume.follow_links: true";
  path.options.missing = config.volume.missing;
  path.options.missing_key = "volume.missing: background";
  if (!location.dataset) return path;
  const std::string& beside = *location.dataset;
  const std::string dataset = beside.starts_with('/') ? beside : "/" + beside;
  if (!path.dataset.empty() && path.dataset != dataset)
    throw ConfigError({.subject = config.subject(section + ".path"),
                       .found = fmt::format("names the dataset {}, given together with {} ({})", path.dataset,
                                            config.subject(section + ".dataset"), beside),
                       .expected = "one of the two"});
  path.dataset = beside;
  return path;
}

}  // namespace

VolumePath volume_path(const Config& config) {
  if (!config.volume.source.path) fail_missing(config, "volume.path");
  VolumePath path = joined(config, config.volume.source, "volume");
  path.options.conversion = config.volume.convert;
  path.options.conversion_key = "volume.convert";
  return path;
}

VolumePath labels_path(const Config& config) {
  if (!config.labels.volume.path) fail_missing(config, "labels.path");
  VolumePath path = joined(config, config.labels.volume, "labels");
  // Where nobody has drawn, many programs write nothing.
  path.options.missing = Missing::sparse;
  path.options.missing_key.clear();
  return path;
}

std::filesystem::path model_path(const Config& config) {
  if (!config.model) fail_missing(config, "model");
  return *config.model;
}

std::optional<VolumePath> mask_path(const Config& config) {
  if (!config.volume.mask.path) return std::nullopt;
  return joined(config, config.volume.mask, "volume.mask");
}

void check_foreground(const Config& config) {
  const bool has_labels = config.labels.csv || config.labels.volume.path;
  const std::string& foreground = config.threshold.foreground;
  if (!has_labels && !config.given_at.contains("classes")) return;
  if (std::find(config.classes.begin(), config.classes.end(), foreground) != config.classes.end()) return;
  throw ConfigError({.subject = config.subject("threshold.foreground"),
                     .found = fmt::format("is '{}'", foreground),
                     .expected = fmt::format("one of classes: {}", fmt::join(config.classes, ", "))});
}

bool check_complete(const Config& config) {
  volume_path(config);
  mask_path(config);
  model_path(config);
  check_foreground(config);
  if (config.labels.csv || config.labels.project) return true;
  if (!config.labels.volume.path) return false;
  labels_path(config);
  return true;
}

std::optional<VoxelSize> resolve_voxel_size(const Config& config, const VolumePath& volume,
                                            const std::optional<VoxelSize>& in_file) {
  const auto& stated = config.volume.voxel_size;
  if (!stated || !in_file) return stated ? stated : in_file;
  if (!same_voxel_size(*stated, *in_file))
    throw ConfigError({.subject = config.subject("volume.voxel_size_nm"),
                       .found = to_string(*stated),
                       .expected = fmt::format("{} as {} says", to_string(*in_file), to_string(volume))});
  return in_file;
}

}  // namespace cleft
