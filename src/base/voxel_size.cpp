#include "base/voxel_size.hpp"

#include <algorithm>
#include <cmath>

namespace cleft {

bool same_voxel_size(const VoxelSize& a, const VoxelSize& b) {
  constexpr double rounding = 1e-5;
  for (int axis = 0; axis < 3; ++axis)
    if (std::abs(a[axis] - b[axis]) > rounding * std::max(a[axis], b[axis])) return false;
  return true;
}

}  // namespace cleft
