#include "blobs.hpp"

#include <algorithm>

#include "base/random.hpp"

namespace cleft {
namespace {

/// Marks the voxels of a ball that are inside the mask; returns how many are new.
std::int64_t mark_ball(Array3<std::uint8_t>& mask, const LocalVoxel& centre, std::int64_t radius) {
  const Extent extent = mask.extent();
  std::int64_t marked = 0;
  for (std::int64_t z = std::max(centre.z - radius, std::int64_t{0});
       z < std::min(centre.z + radius + 1, extent.z); ++z)
    for (std::int64_t y = std::max(centre.y - radius, std::int64_t{0});
         y < std::min(centre.y + radius + 1, extent.y); ++y)
      for (std::int64_t x = std::max(centre.x - radius, std::int64_t{0});
           x < std::min(centre.x + radius + 1, extent.x); ++x) {
        const std::int64_t dz = z - centre.z, dy = y - centre.y, dx = x - centre.x;
        if (dz * dz + dy * dy + dx * dx > radius * radius || mask(z, y, x) != 0) continue;
        mask(z, y, x) = 1;
        ++marked;
      }
  return marked;
}

}  // namespace

Array3<std::uint8_t> blobs(const Extent& extent, double share) {
  Array3<std::uint8_t> mask(extent);
  Random random(7);
  const auto wanted = static_cast<std::int64_t>(share * static_cast<double>(voxel_count(extent)));
  const auto at = [&random](std::int64_t length) {
    return static_cast<std::int64_t>(random.below(static_cast<std::uint32_t>(length)));
  };
  for (std::int64_t inside = 0; inside < wanted;) {
    const std::int64_t radius = 3 + at(7), z = at(extent.z), y = at(extent.y), x = at(extent.x);
    inside += mark_ball(mask, {z, y, x}, radius);
  }
  return mask;
}

}  // namespace cleft
