#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/array3.hpp"
#include "components/connectivity.hpp"

namespace cleft::test {

inline constexpr Connectivity all_connectivities[] = {Connectivity::six, Connectivity::eighteen,
                                                      Connectivity::twenty_six};

/// "6", "18" or "26".
std::string name_of(Connectivity connectivity);

/// Each voxel is inside with probability `p`; the same mask for the same seed, on every rank.
Array3<std::uint8_t> random_mask(const Extent& extent, double p, std::uint64_t seed);

/// Every other voxel, as on a chessboard: no two share a face, all are joined over edges.
Array3<std::uint8_t> checkerboard(const Extent& extent);

/// A corridor, one voxel wide, that goes back and forth along the whole length of z in every other column;
/// consecutive columns are joined at one end, the far and the near one in turn. A single component under any
/// connectivity, which crosses each section once per column.
Array3<std::uint8_t> serpentine(const Extent& extent);

/// Plain serial labelling by flooding, voxel by voxel: 0 outside the mask, components 1, 2, … in order of
/// their first voxel.
Array3<std::uint64_t> flood_fill(const View3<const std::uint8_t>& mask, Connectivity connectivity);

/// Renames the non-zero values of `labels` to 1, 2, … in order of their first voxel.
void number_by_first_voxel(Array3<std::uint64_t>& labels);

/// The voxels as a vector, which compares and prints.
template <class T>
std::vector<T> values_of(const Array3<T>& array) {
  return {array.voxels().begin(), array.voxels().end()};
}

}  // namespace cleft::test
