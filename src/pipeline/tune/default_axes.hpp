#pragma once

#include <vector>

#include "config/config.hpp"
#include "pipeline/run/volume_facts.hpp"
#include "pipeline/tune/settings_grid.hpp"

namespace cleft {

/// What tune tries where nobody says otherwise: sizes and lengths in nm where the voxel size is known, in
/// voxels otherwise. The configured value is among those of each axis, in their order, or as_configured.
/// Without components.split (split_axes). Not collective.
/// \param given  Axes that take the place of the usual ones, also of keys that stand for the same.
std::vector<SettingAxis> axes_to_tune(const Config& config, const VolumeFacts& volume,
                                      const std::vector<SettingAxis>& given);

/// How components are split beside the setting that is configured: components.split, then
/// components.split_distance_nm. Nothing where voxels are not known to be nearly isotropic, unless a split is
/// configured: with few sections in each object what is narrow is no sign of two, and splitting breaks
/// objects apart. Not collective.
std::vector<SettingAxis> split_axes(const Config& config, const VolumeFacts& volume);

}  // namespace cleft
