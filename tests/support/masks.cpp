#include "support/masks.hpp"

#include <cstdlib>
#include <map>

#include "base/random.hpp"

namespace cleft::test {
namespace {

/// Calls visit(neighbour) for all neighbours of a voxel inside the array: straight from the definition of
/// connectivity.
template <class Visit>
void for_each_neighbour(const LocalVoxel& p, const Extent& extent, Connectivity connectivity,
                        const Visit& visit) {
  for (std::int64_t dz = -1; dz <= 1; ++dz) {
    for (std::int64_t dy = -1; dy <= 1; ++dy) {
      for (std::int64_t dx = -1; dx <= 1; ++dx) {
        const std::int64_t axes = std::abs(dz) + std::abs(dy) + std::abs(dx);
        const LocalVoxel q = p + Extent{dz, dy, dx};
        const bool inside =
            q.z >= 0 && q.z < extent.z && q.y >= 0 && q.y < extent.y && q.x >= 0 && q.x < extent.x;
        if (inside && axes >= 1 && axes <= static_cast<int>(connectivity)) visit(q);
      }
    }
  }
}

}  // namespace

std::string name_of(Connectivity connectivity) {
  return std::string(to_string(connectivity));
}

Array3<std::uint8_t> random_mask(const Extent& extent, double p, std::uint64_t seed) {
  Array3<std::uint8_t> mask(extent);
  Random random(seed);
  for (std::uint8_t& voxel : mask.voxels()) voxel = random.uniform() < p ? 1 : 0;
  return mask;
}

Array3<std::uint8_t> checkerboard(const Extent& extent) {
  Array3<std::uint8_t> mask(extent);
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      for (std::int64_t x = 0; x < extent.x; ++x) mask(z, y, x) = (z + y + x) % 2 == 0 ? 255 : 0;
  return mask;
}

Array3<std::uint8_t> serpentine(const Extent& extent) {
  Array3<std::uint8_t> mask(extent);
  const std::int64_t columns = (extent.x + 1) / 2;
  for (std::int64_t y = 0; y < extent.y; y += 2) {
    for (std::int64_t column = 0; column < columns; ++column)
      for (std::int64_t z = 0; z < extent.z; ++z) mask(z, y, 2 * column) = 1;
    for (std::int64_t column = 1; column < columns; ++column)
      mask(column % 2 == 1 ? extent.z - 1 : 0, y, 2 * column - 1) = 1;
    if (y >= 2) mask(0, y - 1, 0) = 1;  // joins the planes
  }
  return mask;
}

Array3<std::uint64_t> flood_fill(const View3<const std::uint8_t>& mask, Connectivity connectivity) {
  const Extent& extent = mask.extent();
  Array3<std::uint64_t> labels(extent);
  std::uint64_t count = 0;
  std::vector<LocalVoxel> front;
  const auto take = [&](const LocalVoxel& p, std::uint64_t label) {
    if (mask(p.z, p.y, p.x) == 0 || labels(p.z, p.y, p.x) != 0) return;
    labels(p.z, p.y, p.x) = label;
    front.push_back(p);
  };
  for (std::int64_t n = 0; n < voxel_count(extent); ++n) {
    const GlobalVoxel start = voxel_at(n, extent);
    take({start.z, start.y, start.x}, count + 1);
    if (front.empty()) continue;
    ++count;
    while (!front.empty()) {
      const LocalVoxel p = front.back();
      front.pop_back();
      for_each_neighbour(p, extent, connectivity, [&](const LocalVoxel& q) { take(q, count); });
    }
  }
  return labels;
}

void number_by_first_voxel(Array3<std::uint64_t>& labels) {
  std::map<std::uint64_t, std::uint64_t> numbers;
  for (std::uint64_t& label : labels.voxels())
    if (label != 0) label = numbers.try_emplace(label, numbers.size() + 1).first->second;
}

}  // namespace cleft::test
