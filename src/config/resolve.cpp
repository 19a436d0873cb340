#include "config/resolve.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/place.hpp"
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
  path.options.path_key = config.name_of(section == "volume.mask" ? section : section + ".path");
  path.options.voxel_size_known = config.volume.voxel_size && config.volume.trust == Trust::config;
  path.options.follow_links = config.volume.follow_links;
  path.options.follow_key = config.name_of("volume.follow_links") + ": true";
  path.options.missing = config.volume.missing;
  path.options.missing_key = config.name_of("volume.missing") + ": background";
  // A sixteenth: as much more than one chunk takes is seldom worth smaller blocks.
  path.options.decoding_threads = config.run.threads_per_rank;
  path.options.decoding_bytes = config.run.memory_per_rank / 16;
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
  path.options.conversion_key = config.name_of("volume.convert");
  path.options.box = config.volume.box;
  path.options.box_key = config.subject("volume.box");
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
  const auto labelled = for_each_labelled_volume(config);
  const bool has_labels = std::any_of(labelled.begin(), labelled.end(), [](const Config& one) {
    return one.labels.csv || one.labels.points || one.labels.volume.path;
  });
  const std::string& foreground = config.threshold.foreground;
  if (!has_labels && !config.given_at.contains("classes")) return;
  if (std::find(config.classes.begin(), config.classes.end(), foreground) != config.classes.end()) return;
  throw ConfigError({.subject = config.subject("threshold.foreground"),
                     .found = fmt::format("is '{}'", foreground),
                     .expected = fmt::format("one of classes: {}", fmt::join(config.classes, ", "))});
}

bool has_labels(const Config& config) {
  const LabelOptions& labels = config.labels;
  return !config.labelled.empty() || labels.csv || labels.points || labels.project || labels.volume.path;
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
  const std::string key = config.subject("volume.voxel_size_nm");
  const bool differ = stated && in_file && !same_voxel_size(*stated, *in_file);
  if (stated && config.volume.trust == Trust::config) {
    if (differ)
      log::info("{}: voxels are {} as {} says, not {} as the file says (volume.trust: config)",
                to_string(volume), to_string(*stated), key, to_string(*in_file));
    return differ || !in_file ? stated : in_file;
  }
  if (differ)
    throw ConfigError({.subject = key,
                       .found = to_string(*stated),
                       .expected = fmt::format("{} as {} says, or volume.trust: config beside it",
                                               to_string(*in_file), to_string(volume))});
  if (in_file)
    check_plausible_voxel_size(*in_file, to_string(volume),
                               "volume.voxel_size_nm with volume.trust: config to overrule the file");
  else if (stated)
    check_plausible_voxel_size(*stated, key, "volume.trust: config beside it");
  return in_file ? in_file : stated;
}

std::optional<PerAxis<double>> resolve_offset(const Config& config, const VolumePath& volume,
                                              const std::optional<PerAxis<double>>& in_file) {
  const auto& stated = config.volume.offset;
  if (!stated || !in_file) return stated ? stated : in_file;
  const bool differ = !same_offset(*stated, *in_file);
  const std::string key = config.subject("volume.offset_nm");
  if (differ && config.volume.trust != Trust::config)
    throw ConfigError({.subject = key,
                       .found = offset_text(*stated),
                       .expected = fmt::format("{} as {} says, or volume.trust: config beside it",
                                               offset_text(*in_file), to_string(volume))});
  if (differ)
    log::info("{}: lies at {} as {} says, not at {} as the file says (volume.trust: config)",
              to_string(volume), offset_text(*stated), key, offset_text(*in_file));
  return stated;
}

}  // namespace cleft
