#pragma once

#include <optional>

#include "base/box.hpp"
#include "config/config.hpp"
#include "io/volume/volume_reader.hpp"

namespace cleft {

/// The grey volume that a configuration names.
struct VolumeFacts {
  VolumePath
      path;  ///< with the dataset's name, and the order of axes where it is not the file that states it
  Extent extent;
  std::optional<VoxelSize> voxel_size;  ///< nm; the file's or the configuration's
  ElementType type = ElementType::uint8;
};

/// Looks at the configuration's volume, which may have several channels. Not collective. Where neither the
/// file nor volume.axes states the order of axes, an ilastik project that the configuration names as model or
/// labels decides, if it has an image of the volume's file name.
/// \throws InputError when the volume is missing, holds no numbers or is too long along an axis;
///         ConfigError when its voxel size contradicts the configuration's.
VolumeFacts look_at_volume(const Config& config);

}  // namespace cleft
