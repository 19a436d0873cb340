#include "pipeline/report/object_voxels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "base/narrow.hpp"
#include "report/outline.hpp"
#include "report/resample.hpp"

namespace cleft {
namespace {

constexpr std::int64_t strip_voxels = 1 << 20, plane_voxels = 1 << 22;

Extent divided(const Extent& extent, std::int64_t step) {
  return {(extent.z + step - 1) / step, (extent.y + step - 1) / step, (extent.x + step - 1) / step};
}

/// Adds up, for each voxel of the mask, how many of a strip's voxels are the object's.
void count_strip(const Array3<std::uint64_t>& strip, const Box& at, const ObjectMask& mask, std::uint64_t id,
                 Array3<std::int32_t>& counts, std::int64_t first_row) {
  const Extent& e = strip.extent();
  for (std::int64_t z = 0; z < e.z; ++z)
    for (std::int64_t y = 0; y < e.y; ++y) {
      const std::uint64_t* const row = strip.row(z, y);
      std::int32_t* const out = counts.row(0, (at.begin.y + y - mask.box.begin.y) / mask.step - first_row);
      for (std::int64_t x = 0; x < e.x; ++x)
        if (row[x] == id) ++out[x / mask.step];
    }
}

/// Reads a strip of the mask: some of its rows in one of its sections.
void read_strip(const VolumeReader& labels, ObjectMask& mask, std::uint64_t id, std::int64_t section,
                std::int64_t first_row, std::int64_t rows) {
  const std::int64_t step = mask.step;
  const GlobalVoxel& b = mask.box.begin;
  const Box wanted{{b.z + section * step, b.y + first_row * step, b.x},
                   {b.z + (section + 1) * step, b.y + (first_row + rows) * step, mask.box.end.x}};
  const Box strip = intersection(wanted, mask.box);
  auto values = Array3<std::uint64_t>::uninitialized(strip.extent());
  labels.read(strip, values.view());
  Array3<std::int32_t> counts({1, rows, mask.voxels.extent().x});
  count_strip(values, strip, mask, id, counts, first_row);
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t x = 0; x < mask.voxels.extent().x; ++x) {
      // At the box's far end a voxel of the mask stands for fewer voxels.
      const std::int64_t deep = std::min(step, mask.box.end.z - strip.begin.z);
      const std::int64_t high = std::min(step, mask.box.end.y - (b.y + (first_row + row) * step));
      const std::int64_t wide = std::min(step, mask.box.end.x - (b.x + x * step));
      const bool inside = 2 * std::int64_t{counts(0, row, x)} >= deep * high * wide;
      mask.voxels(section, first_row + row, x) = inside ? 1 : 0;
    }
}

/// The part of a mask of step 1 that lies in a box.
ObjectMask plane_of(const ObjectMask& mask, const Box& box) {
  const auto part = mask.voxels.view().part(mask.box.local(box.begin), box.extent());
  return {.box = box, .step = 1, .voxels = Array3<std::uint8_t>::copy_of(part)};
}

/// The values of a plane, row by row.
template <class T>
std::vector<T> in_rows(const Array3<T>& plane, const PlaneAxes& axes) {
  const Extent& e = plane.extent();
  std::vector<T> values;
  values.reserve(to_size(voxel_count(e)));
  for (std::int64_t row = 0; row < e[axes.rows]; ++row)
    for (std::int64_t column = 0; column < e[axes.columns]; ++column) {
      Extent at{};
      at[axes.rows] = row;
      at[axes.columns] = column;
      values.push_back(plane(at.z, at.y, at.x));
    }
  return values;
}

/// How voxels of `step` voxels, the first of which begins at `from` of the volume, lie in a view.
PixelAxis pixels_along(const View& view, int axis, std::int64_t pixels, std::int64_t from,
                       std::int64_t step) {
  const Extent begin = view.box.begin - GlobalVoxel{};
  const double per_voxel = narrow<double>(pixels) / narrow<double>(view.box.extent()[axis]);
  return {narrow<double>(from - begin[axis]) * per_voxel, per_voxel * narrow<double>(step)};
}

}  // namespace

ObjectMask read_mask(const VolumeReader& labels, const Box& box, std::uint64_t id, std::int64_t max_voxels) {
  ObjectMask mask{.box = box, .step = 1, .voxels = {}};
  while (voxel_count(divided(box.extent(), mask.step)) > max_voxels) ++mask.step;
  const Extent extent = divided(box.extent(), mask.step);
  mask.voxels = Array3<std::uint8_t>(extent);
  const std::int64_t voxels_of_row = mask.step * mask.step * box.extent().x;
  const std::int64_t rows = std::clamp<std::int64_t>(strip_voxels / voxels_of_row, 1, extent.y);
  for (std::int64_t section = 0; section < extent.z; ++section)
    for (std::int64_t row = 0; row < extent.y; row += rows)
      read_strip(labels, mask, id, section, row, std::min(rows, extent.y - row));
  return mask;
}

GlobalVoxel nearest_voxel(const ObjectMask& mask, const PerAxis<double>& place, const VoxelSize& voxel_size) {
  GlobalVoxel nearest = mask.box.begin;
  double smallest = std::numeric_limits<double>::infinity();
  const Extent& e = mask.voxels.extent();
  for (std::int64_t z = 0; z < e.z; ++z)
    for (std::int64_t y = 0; y < e.y; ++y)
      for (std::int64_t x = 0; x < e.x; ++x) {
        if (mask.voxels(z, y, x) == 0) continue;
        const Extent middle{z * mask.step + mask.step / 2, y * mask.step + mask.step / 2,
                            x * mask.step + mask.step / 2};
        const GlobalVoxel at{std::min(mask.box.begin.z + middle.z, mask.box.end.z - 1),
                             std::min(mask.box.begin.y + middle.y, mask.box.end.y - 1),
                             std::min(mask.box.begin.x + middle.x, mask.box.end.x - 1)};
        const double dz = (narrow<double>(at.z) - place.z) * voxel_size.z;
        const double dy = (narrow<double>(at.y) - place.y) * voxel_size.y;
        const double dx = (narrow<double>(at.x) - place.x) * voxel_size.x;
        const double distance = dz * dz + dy * dy + dx * dx;
        if (distance < smallest) {
          smallest = distance;
          nearest = at;
        }
      }
  return nearest;
}

std::string read_outline(const VolumeReader& labels, const ObjectMask& mask, std::uint64_t id,
                         const View& view) {
  const PlaneAxes axes = axes_of(view.plane);
  const ObjectMask plane = mask.step == 1
                               ? plane_of(mask, intersection(view.box, mask.box))
                               : read_mask(labels, intersection(view.box, mask.box), id, plane_voxels);
  const Extent extent = plane.voxels.extent(), first = plane.box.begin - GlobalVoxel{};
  return outline_path(in_rows(plane.voxels, axes), extent[axes.rows], extent[axes.columns],
                      pixels_along(view, axes.rows, view.height, first[axes.rows], plane.step),
                      pixels_along(view, axes.columns, view.width, first[axes.columns], plane.step));
}

void read_view(const VolumeReader& grey, const View& view, const Contrast& contrast,
               std::vector<std::uint8_t>& sprite, std::int64_t sprite_width) {
  const PlaneAxes axes = axes_of(view.plane);
  const Extent extent = view.box.extent();
  const std::int64_t rows = extent[axes.rows], columns = extent[axes.columns];
  Resampler resampler(rows, columns, view.height, view.width);
  const std::int64_t strip = std::clamp<std::int64_t>(strip_voxels / columns, 1, rows);
  for (std::int64_t row = 0; row < rows; row += strip) {
    Extent offset{}, cut = extent;
    offset[axes.rows] = row;
    cut[axes.rows] = std::min(strip, rows - row);
    auto values = Array3<float>::uninitialized(cut);
    grey.read(box_at(view.box.begin + offset, cut), values.view());
    const std::vector<float> by_row = in_rows(values, axes);
    for (std::int64_t r = 0; r < cut[axes.rows]; ++r)
      resampler.add_row(std::span(by_row).subspan(to_size(r * columns), to_size(columns)));
  }
  const auto picture = resampler.picture();
  for (std::int64_t y = 0; y < view.height; ++y)
    for (std::int64_t x = 0; x < view.width; ++x)
      sprite[to_size((view.y + y) * sprite_width + view.x + x)] =
          contrast(picture[to_size(y * view.width + x)]);
}

}  // namespace cleft
