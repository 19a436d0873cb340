#include "segmentation/mask_edge.hpp"

#include <algorithm>
#include <cmath>

namespace cleft {
namespace {

/// Marks every voxel that has a marked one up to `reach` away along one axis. The three axes one after the
/// other make a box.
void spread(Array3<std::uint8_t>& marks, int axis, std::int64_t reach) {
  const Extent& e = marks.extent();
  const Extent along{axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0};
  const auto from = Array3<std::uint8_t>::copy_of(marks.view());
  for (std::int64_t d = 1; d <= std::min(reach, e[axis] - 1); ++d) {
    const Extent part = e - d * along;  // of the voxels that have a neighbour d further on
    const LocalVoxel low{}, high = LocalVoxel{} + d * along;
    const auto from_low = from.view().part(low, part), from_high = from.view().part(high, part);
    const auto to_low = marks.view().part(low, part), to_high = marks.view().part(high, part);
    for (std::int64_t z = 0; z < part.z; ++z)
      for (std::int64_t y = 0; y < part.y; ++y) {
        const std::uint8_t* a = from_low.row(z, y);
        const std::uint8_t* b = from_high.row(z, y);
        std::uint8_t* low_row = to_low.row(z, y);
        std::uint8_t* high_row = to_high.row(z, y);
        for (std::int64_t x = 0; x < part.x; ++x) low_row[x] |= b[x];
        for (std::int64_t x = 0; x < part.x; ++x) high_row[x] |= a[x];
      }
  }
}

}  // namespace

Extent mask_edge_reach(const PerAxis<double>& sigma, const Extent& volume) {
  Extent reach;
  for (int axis = 0; axis < 3; ++axis)
    reach[axis] = volume[axis] == 1 ? 0 : std::max<std::int64_t>(1, std::llround(std::ceil(sigma[axis])));
  return reach;
}

template <class Stored>
void clear_outside(const View3<const std::uint8_t>& mask, const View3<Stored>& stored) {
  for (std::int64_t z = 0; z < mask.extent().z; ++z)
    for (std::int64_t y = 0; y < mask.extent().y; ++y) {
      const std::uint8_t* inside = mask.row(z, y);
      Stored* row = stored.row(z, y);
      for (std::int64_t x = 0; x < mask.extent().x; ++x)
        if (inside[x] == 0) row[x] = Stored{};
    }
}

void mark_at_mask_edge(const LabelledBlock& block, const View3<const std::uint8_t>& mask, const Box& around,
                       const Box& owned, const Extent& reach, std::vector<ComponentSums>& components) {
  auto outside = Array3<std::uint8_t>::uninitialized(mask.extent());
  bool any = false;
  for (std::int64_t z = 0; z < mask.extent().z; ++z)
    for (std::int64_t y = 0; y < mask.extent().y; ++y)
      for (std::int64_t x = 0; x < mask.extent().x; ++x) {
        const bool is_outside = mask(z, y, x) == 0;
        outside(z, y, x) = is_outside ? 1 : 0;
        any = any || is_outside;
      }
  if (!any) return;
  for (int axis = 0; axis < 3; ++axis) spread(outside, axis, reach[axis]);
  const auto near = outside.view().part(around.local(owned.begin), owned.extent());
  for (std::int64_t z = 0; z < owned.extent().z; ++z)
    for (std::int64_t y = 0; y < owned.extent().y; ++y) {
      const std::uint8_t* row = near.row(z, y);
      for (const VoxelRun& run : block.runs.row(z, y))
        if (std::any_of(row + run.begin, row + run.end, [](std::uint8_t mark) { return mark != 0; }))
          components[run.component].at_mask_edge = 1;
    }
}

template void clear_outside(const View3<const std::uint8_t>&, const View3<std::uint8_t>&);
template void clear_outside(const View3<const std::uint8_t>&, const View3<float>&);

}  // namespace cleft
