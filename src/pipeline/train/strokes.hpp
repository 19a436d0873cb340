#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "io/volume/labels.hpp"

namespace cleft {

/// [label] the stroke that it is of, numbered from 0 in order of their first voxels in z, y, x order: a
/// stroke is a 26-connected component of the voxels of one label.
/// \param labels  Distinct voxels, in any order; fewer than 2^32.
std::vector<std::uint32_t> strokes_of(std::span<const LabelledVoxel> labels);

}  // namespace cleft
