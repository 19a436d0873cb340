#pragma once

#include <cstdint>

#include "base/array3.hpp"
#include "base/box.hpp"

namespace cleft {

/// How deep the voxels of a component lie in it: the Euclidean distance in nm to the nearest voxel outside it
/// (squared_distance_to_zero), in steps of 1/256 of a voxel's shortest edge, lightly smoothed. Whole numbers,
/// so that what is equally deep is equal to the last bit.
///
/// The smoothing takes away the maxima that a surface of voxels alone makes: along each axis the weights
/// (w, 1 − 2 w, w) in steps of 1/1024, w = (shortest edge / edge along the axis)² / 8. That is a variance of
/// a quarter of the shortest edge squared, a sigma of half of it; across thick sections next to nothing.
///
/// What lies outside the array is not known: it is neither part of the component nor outside it. Depth and
/// smoothing are those of a component that is mirrored there. Who knows that the component ends at a face of
/// the array puts a layer of zeros there, and none where a face is that of the volume: an object that the
/// volume's edge cuts through is then not deepest some way inside, but as if the other half were there.
///
/// \param mask      Voxels (z, y, x), 0 outside the component.
/// \param voxel_nm  Edge lengths of a voxel (z, y, x) in nm.
/// \returns         Of the same extent: more than 0 inside the component, in steps of 1/2^38 of the shortest
///                  edge, and 0 outside it. The same everywhere inside where no voxel is outside.
/// \pre             Edge lengths are positive; no axis has more than 2^24 voxels, nor is the array's diagonal
///                  longer than 2^24 times the shortest edge.
/// \throws          std::bad_alloc
Array3<std::int64_t> depth_of(const View3<const std::uint8_t>& mask, const VoxelSize& voxel_nm);

}  // namespace cleft
