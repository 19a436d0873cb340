#pragma once

#include <cstdint>
#include <vector>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "components/connectivity.hpp"

namespace cleft {

/// The regional maxima of a landscape: connected voxels of one height, none of which has a higher neighbour.
/// However large such a plateau is, it is one maximum, and stands at the first of its voxels in z, y, x
/// order.
/// \param heights  Voxels (z, y, x); those of height 0 are no part of the landscape, and none is below.
/// \returns        Linear indices in the array, ascending.
/// \throws         std::bad_alloc
std::vector<std::int64_t> regional_maxima(const Array3<std::int64_t>& heights, Connectivity connectivity);

/// The regional maxima that are left when each one nearer than `apart_nm` to one that was chosen before it is
/// passed over: the highest is chosen first, of equally high ones the first in z, y, x order.
/// \param voxel_nm  Edge lengths of a voxel (z, y, x) in nm.
/// \param apart_nm  Between the voxels at which two maxima stand, at least.
/// \returns         Linear indices in the array, in the order in which they were chosen.
/// \throws          std::bad_alloc
std::vector<std::int64_t> peaks_apart(const Array3<std::int64_t>& heights, const VoxelSize& voxel_nm,
                                      double apart_nm, Connectivity connectivity);

}  // namespace cleft
