#pragma once

#include <string>

#include "base/box.hpp"

namespace cleft {

/// Whether two voxel sizes are the same but for rounding: on each axis they differ by at most a part in
/// 100,000. So a size that was stored in float32 or converted from um to nm is the same; one that differs by
/// a thousandth is not.
/// \pre All lengths are positive.
bool same_voxel_size(const VoxelSize& a, const VoxelSize& b);

/// The shortest and the longest edge, in nm, that a voxel of an electron-microscopy volume is believed to
/// have: what lies outside was most likely given in another unit.
inline constexpr double min_plausible_nm = 0.5, max_plausible_nm = 2000;

/// Whether a voxel can be so many nm long at all; what lies outside is no measurement, and arithmetic with it
/// overflows.
constexpr bool is_voxel_length(double nm) {
  return nm >= 1e-6 && nm <= 1e12;
}

/// Refuses a voxel size that no such volume has: um given for nm, or a pixel count.
/// \param subject  What states it: "--voxel-size", "raw.h5:/raw attribute element_size_um".
/// \param way_out  How to force it: "volume.trust: config beside it"; empty: there is none.
/// \throws InputError when an edge is shorter than 0.5 nm or longer than 2000 nm.
void check_plausible_voxel_size(const VoxelSize& size, const std::string& subject,
                                const std::string& way_out);

/// Whether z and x look exchanged: voxels that are at least twice as long along x as along z. Sections are
/// as thick as pixels are wide, or thicker.
bool looks_swapped(const VoxelSize& size);

}  // namespace cleft
