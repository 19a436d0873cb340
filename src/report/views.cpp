#include "report/views.hpp"

#include <algorithm>
#include <cmath>

#include "base/narrow.hpp"

namespace cleft {
namespace {

// Views begin at multiples of JPEG's blocks, so that none shows in its neighbour's edge.
constexpr std::int64_t jpeg_block = 8, max_row_width = 2048;

std::int64_t rounded_up(std::int64_t value) {
  return (value + jpeg_block - 1) / jpeg_block * jpeg_block;
}

/// `count` of the sections begin ... end - 1, spread evenly: the middles of as many equal parts.
std::vector<std::int64_t> spread(std::int64_t begin, std::int64_t end, std::int64_t count) {
  const std::int64_t length = end - begin, used = std::min(count, length);
  std::vector<std::int64_t> sections;
  for (std::int64_t i = 0; i < used; ++i) sections.push_back(begin + length * (2 * i + 1) / (2 * used));
  return sections;
}

std::int64_t pixels_along(const View& view, int axis, double nm_per_pixel, const VoxelSize& size) {
  const double nm = narrow<double>(view.box.extent()[axis]) * size[axis];
  return std::max<std::int64_t>(1, std::llround(nm / nm_per_pixel));
}

void measure(std::vector<View>& views, double nm_per_pixel, const VoxelSize& size) {
  for (View& view : views) {
    const PlaneAxes axes = axes_of(view.plane);
    view.width = pixels_along(view, axes.columns, nm_per_pixel, size);
    view.height = pixels_along(view, axes.rows, nm_per_pixel, size);
  }
}

std::int64_t pixels_of(const std::vector<View>& views) {
  std::int64_t sum = 0;
  for (const View& view : views) sum += view.width * view.height;
  return sum;
}

/// Side by side, in as many rows as it takes.
void arrange(Sprite& sprite) {
  std::int64_t x = 0, y = 0, row_height = 0;
  for (View& view : sprite.views) {
    if (x > 0 && x + view.width > max_row_width) {
      x = 0;
      y += rounded_up(row_height);
      row_height = 0;
    }
    view.x = x;
    view.y = y;
    x += rounded_up(view.width);
    row_height = std::max(row_height, view.height);
    sprite.width = std::max(sprite.width, view.x + view.width);
    sprite.height = std::max(sprite.height, view.y + view.height);
  }
}

/// The part of a box that lies in one plane.
Box cut(Box box, int axis, std::int64_t at) {
  if (axis == 0) box = {{at, box.begin.y, box.begin.x}, {at + 1, box.end.y, box.end.x}};
  if (axis == 1) box = {{box.begin.z, at, box.begin.x}, {box.end.z, at + 1, box.end.x}};
  if (axis == 2) box = {{box.begin.z, box.begin.y, at}, {box.end.z, box.end.y, at + 1}};
  return box;
}

}  // namespace

Sprite plan_sprite(const Box& bounds, const GlobalVoxel& center, const Extent& volume,
                   const VoxelSize& voxel_size, const SpriteOptions& options) {
  Extent margin;
  for (int axis = 0; axis < 3; ++axis) margin[axis] = std::llround(options.margin_nm / voxel_size[axis]);
  const Box shown = grown(bounds, margin, whole_box(volume));
  Sprite sprite;
  for (const std::int64_t z : spread(bounds.begin.z, bounds.end.z, options.sections))
    sprite.views.push_back({.plane = Plane::xy, .box = cut(shown, 0, z)});
  sprite.views.push_back({.plane = Plane::xz, .box = cut(shown, 1, center.y)});
  sprite.views.push_back({.plane = Plane::yz, .box = cut(shown, 2, center.x)});

  sprite.nm_per_pixel = std::min({voxel_size.z, voxel_size.y, voxel_size.x});
  measure(sprite.views, sprite.nm_per_pixel, voxel_size);
  while (pixels_of(sprite.views) > options.max_pixels) {
    const double too_many = narrow<double>(pixels_of(sprite.views)) / narrow<double>(options.max_pixels);
    // A little more than the share, since each view has whole pixels.
    sprite.nm_per_pixel *= std::max(1.01, std::sqrt(too_many));
    measure(sprite.views, sprite.nm_per_pixel, voxel_size);
  }
  arrange(sprite);
  return sprite;
}

}  // namespace cleft
