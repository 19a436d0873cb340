#pragma once

#include <cstdint>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "report/surface.hpp"

namespace cleft {

/// The faces between voxels that are not 0 and what surrounds them, as quads cut in two: the dual mesh of
/// surface nets (Gibson 1998) before its points are moved. Everything outside the array counts as 0, so that
/// an object that the volume's edge cuts is closed there. Where two voxels meet only along an edge or at a
/// corner each has points of its own, so that every edge of a triangle is used once in each direction.
///
/// \param mask        z, y, x.
/// \param voxel_size  In nm.
/// \returns           In nm, counted from the outer corner of the array's first voxel. It encloses exactly
///                    the voxels' volume.
Surface voxel_surface(const View3<const std::uint8_t>& mask, const VoxelSize& voxel_size);

}  // namespace cleft
