#pragma once

#include <cstdint>
#include <vector>

#include "base/box.hpp"

namespace cleft {

// A volume larger than memory is read in boxes that cover each of its voxels once. All functions give them in
// the order of their first voxels: by z, then y, then x.

/// Boxes of one extent, smaller ones where `box` ends; none where `box` is empty.
/// \param extent  Each axis at least 1.
std::vector<Box> boxes_of_extent(const Box& box, const Extent& extent);

/// Boxes of whole sections, or of whole rows of one section where a section has too many voxels, so that the
/// boxes' voxels follow each other in z, y, x order.
/// \param box         Not empty.
/// \param max_voxels  Of a box, at least 1; a single row may have more.
std::vector<Box> boxes_in_order(const Box& box, std::int64_t max_voxels);

/// Boxes of whole chunks, so that no chunk is decoded twice; parts of chunks where a chunk has too many
/// voxels.
/// \param volume, chunk  Each axis at least 1.
/// \param max_voxels     Of a box, at least 1.
std::vector<Box> boxes_of_chunks(const Extent& volume, const Extent& chunk, std::int64_t max_voxels);

}  // namespace cleft
