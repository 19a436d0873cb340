#include "components/peaks.hpp"

#include <algorithm>
#include <cmath>

#include "base/narrow.hpp"
#include "components/neighbours.hpp"

namespace cleft {
namespace {

/// Floods the plateau of a voxel, whose voxels it marks as seen.
/// \returns Whether no voxel beside it is higher.
bool is_maximum(const Array3<std::int64_t>& heights, const Neighbours& neighbours, std::int64_t first,
                std::vector<bool>& seen, std::vector<std::int64_t>& plateau) {
  const auto height = heights.voxels()[to_size(first)];
  bool is_highest = true;
  plateau.assign(1, first);
  seen[to_size(first)] = true;
  for (std::size_t n = 0; n < plateau.size(); ++n) {
    neighbours.visit(plateau[n], [&](std::int64_t beside, bool) {
      const auto other = heights.voxels()[to_size(beside)];
      is_highest = is_highest && other <= height;
      if (other != height || seen[to_size(beside)]) return;
      seen[to_size(beside)] = true;
      plateau.push_back(beside);
    });
  }
  return is_highest;
}

double squared(double v) {
  return v * v;
}

/// Marks the voxels nearer than some nm to one voxel.
class Surroundings {
 public:
  Surroundings(const Extent& array, const VoxelSize& voxel_nm, double radius_nm)
      : array_(array), voxel_nm_(voxel_nm), squared_radius_(squared(radius_nm)) {
    for (int axis = 0; axis < 3; ++axis)
      reach_[axis] =
          std::llround(std::min(std::ceil(radius_nm / voxel_nm[axis]), narrow<double>(array[axis])));
  }

  void mark(std::int64_t voxel, std::vector<bool>& marks) const {
    const GlobalVoxel at = voxel_at(voxel, array_);
    const Box box = grown(box_at(at, {1, 1, 1}), reach_, whole_box(array_));
    for (std::int64_t z = box.begin.z; z < box.end.z; ++z)
      for (std::int64_t y = box.begin.y; y < box.end.y; ++y)
        for (std::int64_t x = box.begin.x; x < box.end.x; ++x) {
          const Extent d = GlobalVoxel{z, y, x} - at;
          const double distance = squared(narrow<double>(d.x) * voxel_nm_.x) +
                                  squared(narrow<double>(d.y) * voxel_nm_.y) +
                                  squared(narrow<double>(d.z) * voxel_nm_.z);
          if (distance < squared_radius_) marks[to_size(linear_index(GlobalVoxel{z, y, x}, array_))] = true;
        }
  }

 private:
  Extent array_, reach_;
  VoxelSize voxel_nm_;
  double squared_radius_;
};

}  // namespace

std::vector<std::int64_t> regional_maxima(const Array3<std::int64_t>& heights, Connectivity connectivity) {
  const Neighbours neighbours(heights.extent(), connectivity);
  std::vector<bool> seen(heights.voxels().size());
  std::vector<std::int64_t> plateau, maxima;
  for (std::int64_t i = 0; i < heights.size(); ++i) {
    if (heights.voxels()[to_size(i)] == 0 || seen[to_size(i)]) continue;
    if (is_maximum(heights, neighbours, i, seen, plateau)) maxima.push_back(i);
  }
  return maxima;
}

std::vector<std::int64_t> peaks_apart(const Array3<std::int64_t>& heights, const VoxelSize& voxel_nm,
                                      double apart_nm, Connectivity connectivity) {
  auto maxima = regional_maxima(heights, connectivity);
  std::stable_sort(maxima.begin(), maxima.end(), [&](std::int64_t a, std::int64_t b) {
    return heights.voxels()[to_size(a)] > heights.voxels()[to_size(b)];
  });
  // What is near to a chosen one is marked, instead of comparing every one with all that were chosen: the
  // surroundings of chosen ones overlap but little, so that time is linear in the voxels.
  const Surroundings surroundings(heights.extent(), voxel_nm, apart_nm);
  std::vector<bool> near(heights.voxels().size());
  std::vector<std::int64_t> chosen;
  for (const std::int64_t maximum : maxima) {
    if (near[to_size(maximum)]) continue;
    chosen.push_back(maximum);
    surroundings.mark(maximum, near);
  }
  return chosen;
}

}  // namespace cleft
