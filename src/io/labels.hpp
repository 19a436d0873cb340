#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "io/h5_volume.hpp"

namespace cleft {

/// A voxel that a person has labelled.
struct LabelledVoxel {
  GlobalVoxel voxel;
  std::uint8_t label = 0;  ///< class, counted from 1

  friend bool operator==(const LabelledVoxel&, const LabelledVoxel&) = default;
};

/// The labelled voxels of a label volume (0 = not labelled), read piece by piece.
///
/// \param volume       Extent of the volume that the labels are about.
/// \param class_count  Labels go from 1 to this.
/// \returns  In z, y, x order; may be empty.
/// \throws InputError when the label volume has another extent or holds another label; IoError when it cannot
/// be read.
std::vector<LabelledVoxel> read_label_volume(const VolumeReader& labels, const Extent& volume,
                                             int class_count);

/// The labelled voxels of a table: comma-separated, its first line names the columns z, y, x and class in any
/// order (others are ignored); a class is a name or its number, counted from 1.
///
/// \param classes  Their names; the first has number 1.
/// \returns  In z, y, x order, each voxel once; may be empty.
/// \throws InputError naming the line: a column is missing, a field is no whole number, a voxel is outside
/// the volume, there
///         is no such class, a voxel has two classes; or when there is no such file. IoError when it cannot
///         be read.
std::vector<LabelledVoxel> read_label_csv(const std::filesystem::path& path, const Extent& volume,
                                          const std::vector<std::string>& classes);

}  // namespace cleft
