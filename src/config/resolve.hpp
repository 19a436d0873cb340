#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/box.hpp"
#include "config/config.hpp"
#include "io/volume/volume_path.hpp"

namespace cleft {

// What a command needs from the configuration. Each throws ConfigError, naming the key and what it is for,
// when it was not given.

VolumePath volume_path(const Config& config);
/// \pre config.labels.csv is not given.
VolumePath labels_path(const Config& config);
std::filesystem::path model_path(const Config& config);
/// Nothing when there is no mask.
std::optional<VolumePath> mask_path(const Config& config);

/// Looks whether the foreground is one of the classes. Without classes or labels it is the model that
/// decides.
/// \throws ConfigError
void check_foreground(const Config& config);

/// Looks whether the configuration has all that detect needs, before any file is looked at.
/// \returns Whether it has all that train needs, too.
/// \throws  ConfigError naming what is missing.
bool check_complete(const Config& config);

/// The voxel size of a volume in nm: the file's or the configuration's; nothing when neither has one.
///
/// \param volume   For messages.
/// \param in_file  What the file says.
/// \throws         ConfigError naming both when they differ by more than rounding.
std::optional<VoxelSize> resolve_voxel_size(const Config& config, const VolumePath& volume,
                                            const std::optional<VoxelSize>& in_file);

}  // namespace cleft
