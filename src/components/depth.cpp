#include "components/depth.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/narrow.hpp"
#include "components/distance_transform.hpp"

namespace cleft {
namespace {

constexpr double steps_per_edge = 256;
constexpr std::int64_t one = 1024;  // the sum of an axis's weights

/// The weight of either neighbour along an axis.
std::int64_t weight_beside(double shortest_edge, double edge) {
  const double part = shortest_edge / edge;
  return std::llround(narrow<double>(one) / 8 * part * part);
}

/// Smooths lines of `count` values that are `inner` apart, `inner` of them side by side and `outer` times one
/// after the other. Beyond a line's ends values are mirrored, without repeating the last one.
void smooth_lines(std::int64_t* first, std::int64_t outer, std::int64_t count, std::int64_t inner,
                  std::int64_t beside) {
  std::vector<std::int64_t> before(to_size(inner)), here(to_size(inner));
  for (std::int64_t o = 0; o < outer; ++o) {
    std::int64_t* line = first + o * count * inner;
    std::copy_n(line + (count > 1 ? inner : 0), inner, before.begin());
    for (std::int64_t i = 0; i < count; ++i, line += inner) {
      std::copy_n(line, inner, here.begin());
      const std::int64_t* after = i + 1 < count ? line + inner : before.data();
      for (std::int64_t k = 0; k < inner; ++k)
        line[k] = beside * (before[to_size(k)] + after[k]) + (one - 2 * beside) * here[to_size(k)];
      before.swap(here);
    }
  }
}

/// The distance in steps; of one without end, which all voxels have then, a single step.
Array3<std::int64_t> in_steps(const Array3<double>& squared, double shortest_edge) {
  auto steps = Array3<std::int64_t>::uninitialized(squared.extent());
  std::transform(squared.voxels().begin(), squared.voxels().end(), steps.voxels().begin(), [&](double value) {
    if (value == std::numeric_limits<double>::infinity()) return std::int64_t{1};
    return std::int64_t{std::llround(std::sqrt(value) / shortest_edge * steps_per_edge)};
  });
  return steps;
}

}  // namespace

Array3<std::int64_t> depth_of(const View3<const std::uint8_t>& mask, const VoxelSize& voxel_nm) {
  const double shortest = std::min({voxel_nm.z, voxel_nm.y, voxel_nm.x});
  auto depth = in_steps(squared_distance_to_zero(mask, voxel_nm), shortest);
  const Extent& e = depth.extent();
  if (depth.size() == 0) return depth;
  smooth_lines(depth.data(), e.z * e.y, e.x, 1, weight_beside(shortest, voxel_nm.x));
  smooth_lines(depth.data(), e.z, e.y, e.x, weight_beside(shortest, voxel_nm.y));
  smooth_lines(depth.data(), 1, e.z, e.y * e.x, weight_beside(shortest, voxel_nm.z));
  for (std::int64_t z = 0; z < e.z; ++z)
    for (std::int64_t y = 0; y < e.y; ++y)
      for (std::int64_t x = 0; x < e.x; ++x)
        if (mask(z, y, x) == 0) depth(z, y, x) = 0;
  return depth;
}

}  // namespace cleft
