#pragma once

#include <vector>

#include "base/box.hpp"
#include "objects/judge/object_runs.hpp"

namespace cleft {

/// How far apart within a section two parts of one object may be.
struct Bridge {
  double reach_nm = 0;                ///< parts are one object if they are at most twice this far apart
  PerAxis<double> voxel_nm{1, 1, 1};  ///< voxel size; z is not used
};

/// Numbers the objects of a mask 1 … N in order of first voxel. Two voxels of the mask belong to one object
/// when they are 26-connected after every voxel of the mask has been grown, within its section, to all voxels
/// at most `bridge.reach_nm` away (plus a millionth of a voxel, for rounding). With a reach of 0 objects are
/// plain 26-connected components.
///
/// \param runs     Of the mask, in z, y, x order, maximal; their `object` is set.
/// \param section  Extent of a section in voxels: nothing grows beyond it. z is not used.
void number_components(std::vector<ObjectRun>& runs, const Bridge& bridge, const Extent& section);

}  // namespace cleft
