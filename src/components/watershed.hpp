#pragma once

#include <cstdint>

#include "base/array3.hpp"
#include "components/connectivity.hpp"

namespace cleft {

/// Watershed from seeds, by flooding (after Meyer 1994, "Topographic distance and watershed lines", with
/// synchronous waves in place of a first-in-first-out queue; no voxels are left between parts).
///
/// Levels are gone through from the highest height to the lowest. At each level waves go out from all voxels
/// that have a seed's number by then: a wave reaches the voxels without one that are at that level or above
/// it and have a neighbour with one, all at once, and each gets the number of that neighbour which had one
/// first; of several that got it at once, the lowest. When no wave reaches anything, the next level follows.
/// So a plain, on which all heights are equal, is divided halfway between those that reach it, and the result
/// depends on nothing but heights, numbers and places.
///
/// Time is that of sorting the voxels by height; memory 4 bytes a voxel for the result and up to 16 for those
/// that wait for their level. For one thread.
///
/// \param heights  Voxels (z, y, x), not below 0; those of height 0 get no number.
/// \param seeds    Of the same extent: numbers from 1 where a seed is, else 0. A seed may have many voxels.
///                 Below 2^31.
/// \returns        [voxel] the seed's number that it was reached by; 0 at height 0, and where none comes to.
/// \throws         std::bad_alloc
Array3<std::uint32_t> flood_from_seeds(const Array3<std::int64_t>& heights, Array3<std::uint32_t> seeds,
                                       Connectivity connectivity);

}  // namespace cleft
