#pragma once

#include <cstdint>

#include "base/array3.hpp"
#include "base/box.hpp"

namespace cleft {

/// The squared Euclidean distance, in nm², from the centre of each voxel to that of the nearest voxel that is
/// 0: 0 where a voxel is 0 itself, infinity everywhere when none is. What lies outside the array is not
/// known, and so not 0: who takes it for 0 puts a layer of zeros around the array.
///
/// The exact transform, not an approximation by steps from neighbour to neighbour: one pass per axis, in each
/// line the lower envelope of one parabola per voxel (Felzenszwalb & Huttenlocher 2012, "Distance transforms
/// of sampled functions"). Time is linear in the voxels, memory 8 bytes for each. A value is the sum
/// ((dx·x)² + (dy·y)²) + (dz·z)², added in this order in double precision, of a voxel that is the nearest up
/// to rounding; it depends on where voxels lie to each other and not on where the array begins. For one
/// thread.
///
/// \param mask      Voxels (z, y, x).
/// \param voxel_nm  Edge lengths of a voxel (z, y, x) in nm.
/// \pre             Edge lengths are positive.
/// \returns         An array of the mask's extent.
/// \throws          std::bad_alloc
Array3<double> squared_distance_to_zero(const View3<const std::uint8_t>& mask, const VoxelSize& voxel_nm);

}  // namespace cleft
