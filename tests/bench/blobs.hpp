#pragma once

#include <cstdint>

#include "base/array3.hpp"

namespace cleft {

/// Balls of 3 to 9 voxels' radius at random places, until `share` of the voxels are inside one: 1 inside,
/// 0 elsewhere.
Array3<std::uint8_t> blobs(const Extent& extent, double share);

/// What the components benchmarks label.
inline constexpr Extent blobs_extent{384, 384, 384};
inline constexpr double blobs_share = 0.05;

}  // namespace cleft
