#pragma once

#include <cstdint>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "components/connectivity.hpp"

namespace cleft {

// Touching objects make one component. It is split by a watershed on the depth of its voxels (depth.hpp).

/// A component in parts.
struct Parts {
  std::uint32_t count = 0;
  /// [voxel] its part's number, 1 … count in order of their first voxels in z, y, x order; 0 outside.
  Array3<std::uint32_t> numbers;
};

/// Splits a component where it is narrow: one part for each of its deepest places that are far enough apart
/// (peaks_apart, flood_from_seeds), after which those that are too small are joined to others
/// (join_small_parts). Every part is connected, and so is each with all it has got.
///
/// \param component     Voxels (z, y, x): 1 in the component, which is connected, else 0. With a layer of
///                      zeros at each face of the array that is no face of the volume, see depth_of.
/// \param voxel_nm      Edge lengths of a voxel (z, y, x) in nm.
/// \param apart_nm      Between the deepest places of two parts, at least.
/// \param min_size      Voxels of a part that is not too small.
/// \throws              std::bad_alloc
Parts split_by_distance(const View3<const std::uint8_t>& component, const VoxelSize& voxel_nm,
                        double apart_nm, std::int64_t min_size, Connectivity connectivity);

/// Splits a component halfway between seeds that are given, down the same depth.
/// \param seeds  Of the component's extent: numbers 1 … seed_count inside the component, else 0.
/// \pre          There is a seed.
Parts split_from_seeds(const View3<const std::uint8_t>& component, Array3<std::uint32_t> seeds,
                       std::uint32_t seed_count, const VoxelSize& voxel_nm, std::int64_t min_size,
                       Connectivity connectivity);

/// Bytes of memory that either takes at most for an array of so many voxels, what is given and returned
/// included.
std::int64_t split_component_bytes(std::int64_t voxels);

}  // namespace cleft
