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

/// The labelled voxels of a label volume that lie in a box of the volume they belong to, in z, y, x order. 0
/// and CREMI's special values (io/volume/label_values.hpp) are unlabelled. The volume is read in boxes:
/// memory is that of the result and a few MiB. Not collective.
///
/// \param begin    Where the labels begin, in voxels of the volume that they belong to (base/place.hpp).
/// \param box      What is wanted, in voxels of that volume; it may reach beyond the labels.
/// \param classes  Class names; label k means classes[k - 1].
/// \returns        Voxels counted from the first one of `box`.
/// \throws InputError when a label is not in 0 … classes.size(): says where; as check_stated_classes
///         (io/volume/stated_classes.hpp).
/// \pre classes.size() <= 255
std::vector<LabelledVoxel> read_label_volume(const VolumeReader& labels, const GlobalVoxel& begin,
                                             const Box& box, const std::vector<std::string>& classes);

/// Those of a volume's labelled voxels that lie in a box of it, in the same order, counted from the box's
/// first voxel.
std::vector<LabelledVoxel> labels_in_box(const std::vector<LabelledVoxel>& labels, const Box& box);

}  // namespace cleft
