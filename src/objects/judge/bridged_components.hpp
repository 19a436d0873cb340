#pragma once

#include <vector>

#include "base/box.hpp"
#include "objects/judge/object_runs.hpp"

namespace cleft {

/// How far apart within a section two pieces of one object may be.
struct Bridge {
  double reach_nm = 0;                ///< pieces whose voxels are up to twice as far apart meet
  PerAxis<double> voxel_nm{1, 1, 1};  ///< z is not used
};

/// Numbers the objects of a mask 1 ... N by first voxel: an object is what is 26-connected after every voxel
/// has been grown within its section to all voxels at most `bridge.reach_nm` away (and a millionth of a
/// voxel, for rounding), cut back to the mask. A reach of 0 gives plain 26-connected components.
///
/// \param runs     Of the mask, in z, y, x order, maximal; their `object` is set.
/// \param section  Voxels per section: nothing grows beyond them. z is not used.
void number_components(std::vector<ObjectRun>& runs, const Bridge& bridge, const Extent& section);

}  // namespace cleft
