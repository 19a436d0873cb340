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
  return joined(config, config.labels.volume, "labels");
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
  const auto labelled = for_each_labelled_volume(config);
  const bool has_labels = std::any_of(labelled.begin(), labelled.end(), [](const Config& one) {
    return one.labels.csv || one.labels.volume.path;
  });
  const std::string& foreground = config.threshold.foreground;
  if (!has_labels && !config.given_at.contains("classes")) return;
  if (std::find(config.classes.begin(), config.classes.end(), foreground) != config.classes.end()) return;
  throw ConfigError({.subject = config.subject("threshold.foreground"),
                     .found = fmt::format("is '{}'", foreground),
                     .expected = fmt::format("one of classes: {}", fmt::join(config.classes, ", "))});
}

bool has_labels(const Config& config) {
  return !config.labelled.empty() || config.labels.csv || config.labels.project || config.labels.volume.path;
}

void check_is_there(const Config& config, const std::string& key, const std::filesystem::path& file,
                    const std::string& expected) {
  std::error_code unknown;  // a circle of links, a folder that may not be looked into: opening it says so
  if (std::filesystem::exists(file, unknown) || unknown) return;
  throw InputError({.subject = config.subject(key) + ": " + file.string(),
                    .found = "there is no such file",
                    .expected = expected});
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
