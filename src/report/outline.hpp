#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace cleft {

/// How the voxels of a section become pixels of a picture, along one of its axes.
struct PixelAxis {
  double begin = 0;  ///< in pixels: where the first voxel's near border lies
  double pixels_per_voxel = 1;
};

/// The borders of an object in one section as the `d` of an SVG path: closed polygons along the borders of
/// voxels, in pixels, to be filled by the even-odd rule. Numbers have at most two decimals, and each command
/// is written in the shorter of its two forms, absolute or relative. Empty where there is no voxel.
///
/// \param mask  rows x columns; 0 is outside, as is everything around it.
std::string outline_path(std::span<const std::uint8_t> mask, std::int64_t rows, std::int64_t columns,
                         const PixelAxis& along_rows, const PixelAxis& along_columns);

}  // namespace cleft
