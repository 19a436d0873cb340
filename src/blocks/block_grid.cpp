#include "blocks/block_grid.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace cleft {

BlockGrid::BlockGrid(const Extent& volume, const Extent& block, const Extent& halo)
    : volume_(volume), halo_(halo) {
  for (int axis = 0; axis < 3; ++axis) {
    if (volume[axis] < 1 || block[axis] < 1 || halo[axis] < 0)
      throw InternalError("no block grid for a volume of " + to_string(volume) + ", blocks of " +
                          to_string(block) + " and a halo of " + to_string(halo));
    block_[axis] = std::min(block[axis], volume[axis]);
    blocks_per_axis_[axis] = (volume[axis] + block_[axis] - 1) / block_[axis];
  }
}

BlockIndex BlockGrid::index(std::int64_t number) const {
  const std::int64_t row = number / blocks_per_axis_.x;
  return {row / blocks_per_axis_.y, row % blocks_per_axis_.y, number % blocks_per_axis_.x};
}

bool BlockGrid::contains(const BlockIndex& i) const {
  return i.z >= 0 && i.y >= 0 && i.x >= 0 && i.z < blocks_per_axis_.z && i.y < blocks_per_axis_.y &&
         i.x < blocks_per_axis_.x;
}

Box BlockGrid::owned(std::int64_t number) const {
  const BlockIndex i = index(number);
  const GlobalVoxel begin{i.z * block_.z, i.y * block_.y, i.x * block_.x};
  return intersection({begin, begin + block_}, whole_box(volume_));
}

Box BlockGrid::padded(std::int64_t number) const {
  return grown(owned(number), halo_, whole_box(volume_));
}

}  // namespace cleft
