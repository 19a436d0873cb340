#include "base/voxel_size.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"

namespace cleft {

bool same_voxel_size(const VoxelSize& a, const VoxelSize& b) {
  constexpr double rounding = 1e-5;
  for (int axis = 0; axis < 3; ++axis)
    if (std::abs(a[axis] - b[axis]) > rounding * std::max(a[axis], b[axis])) return false;
  return true;
}

void check_plausible_voxel_size(const VoxelSize& size, const std::string& subject,
                                const std::string& way_out) {
  for (int axis = 0; axis < 3; ++axis)
    if (!(size[axis] >= min_plausible_nm && size[axis] <= max_plausible_nm))
      throw InputError({subject, "says that voxels are " + to_string(size),
                        fmt::format("{} to {} nm along each axis{}{}", min_plausible_nm, max_plausible_nm,
                                    way_out.empty() ? "" : ", or ", way_out)});
}

bool looks_swapped(const VoxelSize& size) {
  return size.x >= 2 * size.z;
}

}  // namespace cleft
