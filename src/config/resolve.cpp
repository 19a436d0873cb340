#include "config/resolve.hpp"

#include <algorithm>

#include <fmt/format.h>

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

/// \pre location.path is given.
VolumePath joined(const DatasetLocation& location) {
  if (!location.dataset) return VolumePath::parse(location.path->string());
  return {*location.path, *location.dataset};
}

}  // namespace

VolumePath volume_path(const Config& config) {
  if (!config.volume.source.path) fail_missing(config, "volume.path");
  return joined(config.volume.source);
}

VolumePath labels_path(const Config& config) {
  if (!config.labels.volume.path) fail_missing(config, "labels.path");
  return joined(config.labels.volume);
}

std::filesystem::path model_path(const Config& config) {
  if (!config.model) fail_missing(config, "model");
  return *config.model;
}

std::optional<VolumePath> mask_path(const Config& config) {
  if (!config.volume.mask.path) return std::nullopt;
  return joined(config.volume.mask);
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
