#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/box.hpp"
#include "config/config.hpp"
#include "io/volume/volume_path.hpp"

namespace cleft {

// What commands need from the configuration. Each function throws ConfigError when the key was not given; the
// message names the key and says what it is for. None is collective.

/// The volume of grey values.
VolumePath volume_path(const Config& config);
/// The volume of training labels.
/// \pre Neither config.labels.csv nor config.labels.points is given.
VolumePath labels_path(const Config& config);
/// The model file, or an ilastik project.
std::filesystem::path model_path(const Config& config);
/// The mask volume; nothing when there is none.
std::optional<VolumePath> mask_path(const Config& config);

/// Checks that the foreground is one of the classes. If neither classes nor labels are given, the classes are
/// those of the model, and nothing can be checked here.
/// \throws ConfigError
void check_foreground(const Config& config);

/// Whether the configuration says where training labels are.
bool has_labels(const Config& config);

/// Refuses a file that is not there, naming the key that asks for it.
/// \param expected  What the file should be: "an HDF5 file".
/// \throws InputError
void check_is_there(const Config& config, const std::string& key, const std::filesystem::path& file,
                    const std::string& expected);

/// The voxel size of a volume in nm: the file's or the configuration's; nothing when neither has one. Where
/// volume.trust is config the configuration's counts, and the log names both where they differ.
///
/// \param volume   Which volume it is, for messages.
/// \param in_file  The voxel size that the file has, in nm.
/// \throws ConfigError that names both when they differ by more than rounding (see same_voxel_size);
///         InputError when the size is implausible (check_plausible_voxel_size) and not trusted.
std::optional<VoxelSize> resolve_voxel_size(const Config& config, const VolumePath& volume,
                                            const std::optional<VoxelSize>& in_file);

/// Where the volume's dataset lies, in nm (base/place.hpp): likewise the file's or the configuration's.
/// \throws ConfigError that names both when they differ by more than a hundredth of a nm.
std::optional<PerAxis<double>> resolve_offset(const Config& config, const VolumePath& volume,
                                              const std::optional<PerAxis<double>>& in_file);

}  // namespace cleft
