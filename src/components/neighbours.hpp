#pragma once

#include <cstdint>
#include <vector>

#include "base/box.hpp"
#include "components/connectivity.hpp"

namespace cleft {

/// The neighbours of voxels of one array, by their linear indices.
class Neighbours {
 public:
  Neighbours(const Extent& array, Connectivity connectivity) : array_(array) {
    for (int dz = -1; dz <= 1; ++dz)
      for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx) {
          const int reach = reach_along_x(connectivity, dz, dy);
          if ((dz == 0 && dy == 0 && dx == 0) || (dx == 0 ? reach < 0 : reach < 1)) continue;
          steps_.push_back({dz, dy, dx, (dz * array.y + dy) * array.x + dx});
        }
  }

  /// Calls visit(index, by_face) for each neighbour inside the array, in z, y, x order.
  /// \param voxel  Linear index.
  template <class Visit>
  void visit(std::int64_t voxel, const Visit& visit) const {
    const GlobalVoxel at = voxel_at(voxel, array_);
    for (const Step& step : steps_) {
      const bool inside = is_within(at.z + step.z, array_.z) && is_within(at.y + step.y, array_.y) &&
                          is_within(at.x + step.x, array_.x);
      if (inside) visit(voxel + step.linear, step.z * step.z + step.y * step.y + step.x * step.x == 1);
    }
  }

 private:
  struct Step {
    int z, y, x;
    std::int64_t linear;
  };
  static bool is_within(std::int64_t i, std::int64_t length) { return i >= 0 && i < length; }

  Extent array_;
  std::vector<Step> steps_;
};

}  // namespace cleft
