#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "io/volume/volume_reader.hpp"
#include "report/contrast.hpp"
#include "report/views.hpp"

namespace cleft {

// Reading what a report shows, in strips: however large an object is, no more than some MiB are in memory at
// once. Everything here depends on volumes and options alone. Nothing is collective.

/// An object's voxels, or what stands for them where there are very many.
struct ObjectMask {
  Box box;                      ///< the object's bounding box
  std::int64_t step = 1;        ///< voxels of the volume along each edge of one of the mask's voxels
  Array3<std::uint8_t> voxels;  ///< 1 where at least half of the voxels are the object's
};

/// Reads an object's voxels.
/// \param max_voxels  Of the mask: where the box has more, `step` is larger than 1.
/// \throws IoError when the labels cannot be read.
ObjectMask read_mask(const VolumeReader& labels, const Box& box, std::uint64_t id, std::int64_t max_voxels);

/// The voxel of a mask that lies nearest to a place, in nm; of equals the first in z, y, x order.
/// \param place  In voxels of the volume.
/// \returns      Of the volume; of a mask of larger steps the middle of one. The box's first voxel where the
///               mask is empty.
GlobalVoxel nearest_voxel(const ObjectMask& mask, const PerAxis<double>& place, const VoxelSize& voxel_size);

/// The outline of an object in a view, as an SVG path (outline_path).
/// \param mask  Of the object; where its step is not 1 the view's plane is read anew.
std::string read_outline(const VolumeReader& labels, const ObjectMask& mask, std::uint64_t id,
                         const View& view);

/// Reads a view's grey values and puts them, as pixels, into a sprite.
/// \param sprite  Grey, sprite_width pixels a row; has room for the view.
/// \throws IoError when the volume cannot be read; InputError as VolumeReader.
void read_view(const VolumeReader& grey, const View& view, const Contrast& contrast,
               std::vector<std::uint8_t>& sprite, std::int64_t sprite_width);

}  // namespace cleft
