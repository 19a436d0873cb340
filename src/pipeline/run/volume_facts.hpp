#pragma once

#include <optional>

#include "base/box.hpp"
#include "config/config.hpp"
#include "io/volume/h5_volume.hpp"

namespace cleft {

/// The grey volume that a configuration names.
struct VolumeFacts {
  VolumePath path;  ///< with the dataset's name
  Extent extent;
  std::optional<VoxelSize> voxel_size;  ///< nm; the file's or the configuration's
  ElementType type = ElementType::uint8;
};

/// Looks at the configuration's volume, which may have several channels. Not collective.
/// \throws InputError when the volume is missing, holds no grey values or is too long along an axis;
///         ConfigError when its voxel size contradicts the configuration's.
VolumeFacts look_at_volume(const Config& config);

}  // namespace cleft
