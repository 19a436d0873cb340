#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/box.hpp"

namespace cleft {

/// Finds which of many points is the nearest. Points are sorted along the axis along which they lie farthest
/// apart, and only those are looked at that can be nearer along that axis than the best so far.
class NearestPoint {
 public:
  /// \param points      In voxels, not empty.
  /// \param voxel_size  In nm.
  NearestPoint(std::span<const PerAxis<double>> points, const VoxelSize& voxel_size);

  /// The index of the point at the least distance in nm; of several, the first.
  std::size_t to(const PerAxis<double>& place) const;

 private:
  struct Sorted {
    PerAxis<double> nm;
    std::size_t index;
  };
  PerAxis<double> in_nm(const PerAxis<double>& voxels) const;

  VoxelSize voxel_size_;
  int axis_ = 0;
  std::vector<Sorted> sorted_;  // along axis_
};

}  // namespace cleft
