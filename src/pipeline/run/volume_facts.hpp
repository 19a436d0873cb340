#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "base/place.hpp"
#include "config/config.hpp"
#include "io/volume/volume_reader.hpp"

namespace cleft {

/// The grey volume that a configuration names: a dataset, or the box of it that volume.box states.
struct VolumeFacts {
  VolumePath
      path;  ///< with the dataset's name, and the order of axes where it is not the file that states it
  Extent extent;
  std::optional<VoxelSize> voxel_size;  ///< nm; the file's or the configuration's
  ElementType type = ElementType::uint8;
  GlobalVoxel first{};                              ///< of the volume in the dataset
  std::optional<Extent> dataset_extent{};           ///< where it is not the volume's
  std::optional<PerAxis<double>> dataset_offset{};  ///< nm; the file's or the configuration's
  std::vector<std::string> missing_sections{};      ///< which sections import filled in and how, in its words
  /// volume.trust: config beside volume.voxel_size_nm: what labels and masks say of their voxels does not
  /// count.
  bool voxel_size_overrules = false;

  /// The volume in the dataset.
  Box box() const { return box_at(first, extent); }
  /// Where the dataset lies: labels and masks are laid on that, and begin at voxels of it.
  Place dataset() const;
  /// Where the volume lies and with it what is made of it: base/place.hpp. 0 where nothing else is said;
  /// nothing of a box of a dataset whose voxel size is unknown.
  std::optional<PerAxis<double>> offset() const;
};

/// Looks at the configuration's volume, which may have several channels. Not collective. Where neither the
/// file nor volume.axes states the order of axes, an ilastik project that the configuration names as model or
/// labels decides, if it has an image of the volume's file name.
/// \throws InputError when the volume is missing, holds no numbers or is too long along an axis, when its
///         voxel size is implausible, or when volume.box is no part of it; ConfigError when its voxel size or
///         its offset contradicts the configuration's.
VolumeFacts look_at_volume(const Config& config);

/// Checks that nothing of an input was never written or is missing beside it; where that is taken as
/// background, as the user said, a warning tells how much. Not collective.
/// \throws InputError when parts are missing.
void check_complete(const VolumeReader& input);

/// What makes one doubt the volume: lines for warnings.
std::vector<std::string> doubts_about(const VolumeFacts& volume);

/// Where the file of labels or of a mask says that they lie. Voxels of another size than the volume's are
/// refused, unless the configuration overrules what files say of them; the log tells that.
/// \throws InputError that names both sizes and the way out.
Place place_of_part(const VolumeFacts& volume, const VolumeReader& part);

/// Where labels or a mask begin in the volume's dataset: base/place.hpp.
/// \param begin, section  What the configuration says, by the key `begin` of this section.
/// \throws InputError as place_of_part and box_in; also when no voxel of it lies in volume.box.
GlobalVoxel begin_in_dataset(const Config& config, const VolumeFacts& volume, const VolumeReader& part,
                             const std::optional<Extent>& begin, const std::string& section);

}  // namespace cleft
