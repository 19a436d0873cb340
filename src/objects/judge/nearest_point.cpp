#include "objects/judge/nearest_point.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <tuple>

namespace cleft {
namespace {

double square(double v) {
  return v * v;
}

double square_distance(const PerAxis<double>& a, const PerAxis<double>& b) {
  return square(a.z - b.z) + square(a.y - b.y) + square(a.x - b.x);
}

}  // namespace

PerAxis<double> NearestPoint::in_nm(const PerAxis<double>& voxels) const {
  return {voxels.z * voxel_size_.z, voxels.y * voxel_size_.y, voxels.x * voxel_size_.x};
}

NearestPoint::NearestPoint(std::span<const PerAxis<double>> points, const VoxelSize& voxel_size)
    : voxel_size_(voxel_size) {
  for (std::size_t i = 0; i < points.size(); ++i) sorted_.push_back({in_nm(points[i]), i});
  double widest = -1;
  for (int axis = 0; axis < 3; ++axis) {
    const auto [low, high] =
        std::ranges::minmax_element(sorted_, {}, [axis](const Sorted& point) { return point.nm[axis]; });
    const double width = high->nm[axis] - low->nm[axis];
    if (width <= widest) continue;
    widest = width;
    axis_ = axis;
  }
  std::ranges::sort(sorted_, {}, [this](const Sorted& p) { return std::tuple(p.nm[axis_], p.index); });
}

std::size_t NearestPoint::to(const PerAxis<double>& place) const {
  const PerAxis<double> here = in_nm(place);
  std::tuple<double, std::size_t> best{std::numeric_limits<double>::infinity(), 0};
  const auto look_at = [&](const Sorted& point) {
    if (square(point.nm[axis_] - here[axis_]) > std::get<0>(best)) return false;
    best = std::min(best, std::tuple(square_distance(point.nm, here), point.index));
    return true;
  };
  const auto middle =
      std::ranges::lower_bound(sorted_, here[axis_], {}, [this](const Sorted& p) { return p.nm[axis_]; });
  for (auto up = middle; up != sorted_.end() && look_at(*up);) ++up;
  for (auto down = middle; down != sorted_.begin() && look_at(*std::prev(down));) --down;
  return std::get<1>(best);
}

}  // namespace cleft
