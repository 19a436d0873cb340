#pragma once

#include <cstdint>
#include <optional>

#include "base/box.hpp"
#include "objects/measure.hpp"

namespace cleft {

/// Stands for what is not known of a synapse's cores.
inline constexpr std::int64_t unknown_core = -1;

/// One row of the object table: a synapse or, not accepted, a candidate. Values that need the voxel size are
/// NaN when it is unknown.
struct Synapse {
  std::uint64_t id = 0;     ///< 1 ... N, by first voxel; of candidates behind those of synapses
  GlobalVoxel first_voxel;  ///< of its voxels the first in z, y, x order
  std::int64_t size = 0;    ///< voxels
  double volume_nm3 = 0;
  PerAxis<double> centroid;     ///< mean position of its voxels, counted from the volume's first
  PerAxis<double> centroid_nm;  ///< the same in the world: times the voxel size, plus the volume's offset
  Box bounds;                   ///< half-open
  /// Voxels of all core components, how many these are, and voxels of the largest: at the core_ratio that the
  /// table is of. unknown_core in all three where nothing was thresholded by it.
  std::int64_t core_size = 0, core_count = 0, largest_core = 0;
  double mean_probability = 0, max_probability = 0;  ///< in [0, 1], as stored by predict: not smoothed
  /// Full axes in nm, longest first, of the solid ellipsoid that has the same moments: 2 sqrt(5 eigenvalue)
  /// of the covariance of the voxels' positions in nm, each voxel counted as a solid box (its own variance is
  /// size^2 / 12 per axis). Of a solid ellipsoid they are its diameters; of a thin elliptic disc the first
  /// two are 2 sqrt(5) / 4 = 1.12 times its diameters.
  double long_axis_nm = 0, middle_axis_nm = 0, short_axis_nm = 0;
  /// Unit vector along the short axis, in nm space. Its largest component (the first of equals) is positive.
  PerAxis<double> normal;
  /// middle / short axis and long / middle axis, both >= 1: the inverse of Zingg's (1935) c/b and b/a, as
  /// ITK's label shapes and the 3D ImageJ Suite (Ollion et al. 2013) have them.
  double flatness = 0, elongation = 0;
  /// The largest core_ratio at which it would still have as many core voxels as a synapse's core needs, to a
  /// step of ratio_step.hpp; see decisive_ratio.hpp.
  double decisive_ratio = 0;
  std::uint8_t accepted = 1;      ///< 0 for a candidate: kept to be looked at, but no synapse
  std::uint8_t touches_edge = 0;  ///< 1 when the volume's surface or the mask's edge may have cut it
};

/// Derives a row of the object table from a synapse's sums, in double.
///
/// \param id      Its number, from 1.
/// \param steps   probability_steps of the stored type the sums were made from.
/// \param volume  Extent of the whole volume.
/// \param voxel_size  In nm, when known.
/// \param offset      In nm: where the centre of the volume's first voxel lies (base/place.hpp).
/// \returns Floating-point values rounded to 9 significant digits: more are noise of the arithmetic.
/// \pre    component.size > 0, and size times the longest edge of its bounding box is below 2^63.
Synapse describe_synapse(std::uint64_t id, const ComponentSums& component, const CoreSums& cores,
                         std::uint32_t steps, const Extent& volume,
                         const std::optional<VoxelSize>& voxel_size, const PerAxis<double>& offset = {});

}  // namespace cleft
