#pragma once

#include "base/box.hpp"

namespace cleft {

/// Whether two voxel sizes are the same but for rounding: on each axis they differ by at most a part in
/// 100,000. So a size that was stored in float32 or converted from um to nm is the same; one that differs by
/// a thousandth is not.
/// \pre All lengths are positive.
bool same_voxel_size(const VoxelSize& a, const VoxelSize& b);

}  // namespace cleft
