#pragma once

#include <algorithm>

#include "base/narrow.hpp"

namespace cleft {

/// Which voxels are neighbours. The value is the number of axes on which two neighbours may differ (by one
/// voxel each): 6 neighbours share a face, 18 a face or an edge, 26 a face, an edge or a corner.
enum class Connectivity : int { six = 1, eighteen = 2, twenty_six = 3 };

/// How far apart along x two voxels may be and still be neighbours when their rows lie (dz, dy) apart.
/// \pre dz and dy are -1, 0 or 1.
/// \returns 0 (only the same x) or 1 (also the next x); negative when no voxels of such rows are neighbours.
constexpr int reach_along_x(Connectivity connectivity, int dz, int dy) {
  const int axes_left = static_cast<int>(connectivity) - (dz != 0 ? 1 : 0) - (dy != 0 ? 1 : 0);
  return std::min(axes_left, 1);
}

}  // namespace cleft
