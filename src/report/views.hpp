#pragma once

#include <cstdint>
#include <vector>

#include "base/box.hpp"

namespace cleft {

/// The plane that a picture of an object shows.
enum class Plane { xy, xz, yz };

/// The axis that a plane's rows (top to bottom) and columns (left to right) run along, and the one that it
/// stands at a voxel of; 0 = z, 1 = y, 2 = x. So XZ has the columns of XY, and YZ its rows.
struct PlaneAxes {
  int rows, columns, fixed;
};
constexpr PlaneAxes axes_of(Plane plane) {
  switch (plane) {
    case Plane::xy:
      return {1, 2, 0};
    case Plane::xz:
      return {0, 2, 1};
    case Plane::yz:
      return {1, 0, 2};
  }
  return {};
}

/// One picture of an object, and where it stands among the object's other pictures.
struct View {
  Plane plane = Plane::xy;
  Box box;                             ///< the voxels that it shows: one voxel thick along the fixed axis
  std::int64_t x = 0, y = 0;           ///< of its first pixel in the sprite
  std::int64_t width = 0, height = 0;  ///< pixels
};

/// All pictures of an object side by side in one: its sprite. Pixels are squares in nm.
struct Sprite {
  double nm_per_pixel = 1;
  std::int64_t width = 0, height = 0;
  std::vector<View> views;
};

struct SpriteOptions {
  int sections = 5;
  double margin_nm = 250;
  /// Pixels of all views together that are not exceeded: where the finest voxel as pixel would need more,
  /// pixels are larger.
  std::int64_t max_pixels = 150'000;
};

/// Plans the pictures of an object: XY at `sections` sections spread evenly over it (all of them if it has
/// fewer), in order, then XZ and YZ through one of its voxels.
///
/// \param bounds      The object's bounding box.
/// \param center      A voxel of it, which XZ and YZ show.
/// \param volume      Extent: pictures end at its edge.
/// \param voxel_size  In nm; where it is unknown 1 along each axis.
Sprite plan_sprite(const Box& bounds, const GlobalVoxel& center, const Extent& volume,
                   const VoxelSize& voxel_size, const SpriteOptions& options);

}  // namespace cleft
