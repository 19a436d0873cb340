#pragma once

#include <cstdint>
#include <vector>

#include "base/box.hpp"

namespace cleft {

// A volume larger than memory is gone through piece by piece: boxes in z, y, x order that cover each of its
// voxels once.

/// Pieces of one extent, smaller ones where the box ends; may be no piece at all.
///
/// \param piece  Each axis at least 1.
std::vector<Box> pieces_of_extent(const Box& box, const Extent& piece);

/// Pieces of whole sections, or where a section is too large of whole rows of one section, so that their
/// voxels follow each other in z, y, x order.
///
/// \param box          Not empty.
/// \param max_voxels  Of a piece, at least 1; a row alone may have more.
std::vector<Box> pieces_in_order(const Box& box, std::int64_t max_voxels);

/// Pieces of whole chunks, so that none is decoded twice; parts of chunks where one has too many voxels.
///
/// \param volume       Each axis at least 1.
/// \param chunk        Each axis at least 1.
/// \param max_voxels  Of a piece, at least 1.
std::vector<Box> pieces_of_chunks(const Extent& volume, const Extent& chunk, std::int64_t max_voxels);

}  // namespace cleft
