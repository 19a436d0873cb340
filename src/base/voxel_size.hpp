#pragma once

#include "base/box.hpp"

namespace cleft {

/// Whether two statements of a voxel size mean the same: on each axis they differ by no more than a part in
/// 100,000. Sizes that went through float32 or from um to nm are the same; those that differ by a thousandth
/// are not.
/// \pre All lengths are positive.
bool same_voxel_size(const VoxelSize& a, const VoxelSize& b);

}  // namespace cleft
