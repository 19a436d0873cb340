#pragma once

#include <cstdint>

#include "base/array3.hpp"
#include "components/connectivity.hpp"

namespace cleft {

/// Joins parts that are too small to a neighbour: as long as there is one, the smallest (of equal ones that
/// with the lowest number) becomes part of the neighbour that it shares most voxel faces with (of equal ones
/// that with the lowest number; neighbours that touch it only by edges or corners share none). A part without
/// neighbours stays. Then numbers the parts 1, 2, … in order of their first voxels in z, y, x order.
///
/// \param parts         [voxel (z, y, x)] its part's number; 0 outside all.
/// \param count         The highest number; numbers may be missing.
/// \param min_size      Voxels of a part that is not too small.
/// \param connectivity  Which parts are neighbours.
/// \returns             How many parts there are in the end.
/// \throws              std::bad_alloc
std::uint32_t join_small_parts(Array3<std::uint32_t>& parts, std::uint32_t count, std::int64_t min_size,
                               Connectivity connectivity);

}  // namespace cleft
