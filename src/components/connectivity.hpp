#pragma once

#include <algorithm>

#include "base/enum_words.hpp"
#include "base/narrow.hpp"

namespace cleft {

/// Which voxels are neighbours. The value is the number of axes on which two neighbours may differ (by one
/// voxel each): 6 neighbours share a face, 18 a face or an edge, 26 a face, an edge or a corner.
enum class Connectivity : int { six = 1, eighteen = 2, twenty_six = 3 };

template <>
struct EnumWords<Connectivity> {
  static constexpr auto list = std::to_array<EnumWord<Connectivity>>(
      {{Connectivity::six, "6"}, {Connectivity::eighteen, "18"}, {Connectivity::twenty_six, "26"}});
};

/// How far apart along x two voxels may be and still be neighbours when their rows are (dz, dy) apart.
/// \param dz, dy  -1, 0 or 1.
/// \returns       0 (the same x only) or 1 (also the next x); negative when no voxels of such rows are
///                neighbours.
constexpr int reach_along_x(Connectivity connectivity, int dz, int dy) {
  const int axes_left = static_cast<int>(connectivity) - (dz != 0 ? 1 : 0) - (dy != 0 ? 1 : 0);
  return std::min(axes_left, 1);
}

/// How many neighbours a voxel has: 6, 18 or 26.
constexpr int neighbour_count(Connectivity connectivity) {
  int count = -1;  // the voxel itself is counted below, and is no neighbour
  for (int dz = -1; dz <= 1; ++dz) {
    for (int dy = -1; dy <= 1; ++dy) {
      const int reach = reach_along_x(connectivity, dz, dy);
      if (reach >= 0) count += 1 + 2 * reach;
    }
  }
  return count;
}

}  // namespace cleft
