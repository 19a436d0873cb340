#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "io/volume/volume_reader.hpp"

namespace cleft {

/// A voxel that a person has given a class.
struct LabelledVoxel {
  GlobalVoxel voxel;
  std::uint8_t label = 0;  ///< 1 = the first class

  friend bool operator==(const LabelledVoxel&, const LabelledVoxel&) = default;
};

/// All labelled voxels of a label volume, in z, y, x order. 0 and CREMI's background (2^64 - 1) are
/// unlabelled. The volume is read in boxes: memory is that of the result and a few MiB. Not collective.
///
/// \param volume   Extent of the volume that the labels belong to.
/// \param classes  Class names; label k means classes[k - 1].
/// \throws InputError when the labels have another extent, or one is not in 0 … classes.size(): says where.
/// \pre classes.size() <= 255
std::vector<LabelledVoxel> read_label_volume(const VolumeReader& labels, const Extent& volume,
                                             const std::vector<std::string>& classes);

}  // namespace cleft
