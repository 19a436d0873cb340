#pragma once

#include <algorithm>
#include <vector>

#include "objects/measure.hpp"

namespace cleft {

/// A voxel of an object and its probability in steps.
struct MeasuredVoxel {
  GlobalVoxel at;
  std::uint32_t steps = 0;
};

/// The sums of an object by a plain loop over its voxels: what runs and combining must agree with.
inline ComponentSums sums_of_voxels(const std::vector<MeasuredVoxel>& voxels, const Extent& volume) {
  ComponentSums sums;
  for (const auto& [at, steps] : voxels) {
    const auto z = static_cast<Wide>(at.z), y = static_cast<Wide>(at.y), x = static_cast<Wide>(at.x);
    sums.first_voxel = std::min(sums.first_voxel, (at.z * volume.y + at.y) * volume.x + at.x);
    sums.size += 1;
    sums.positions = {sums.positions.z + z, sums.positions.y + y, sums.positions.x + x};
    sums.squares = {sums.squares.z + z * z, sums.squares.y + y * y, sums.squares.x + x * x};
    sums.zy += z * y;
    sums.zx += z * x;
    sums.yx += y * x;
    sums.low = {std::min(sums.low.z, at.z), std::min(sums.low.y, at.y), std::min(sums.low.x, at.x)};
    sums.high = {std::max(sums.high.z, at.z), std::max(sums.high.y, at.y), std::max(sums.high.x, at.x)};
    sums.probability += steps;
    sums.max_probability = std::max(sums.max_probability, steps);
  }
  return sums;
}

}  // namespace cleft
