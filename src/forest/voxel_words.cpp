#include "forest/voxel_words.hpp"

#include <algorithm>

namespace cleft {
namespace {

Extent word_for(const Extent& extent, Alike alike) {
  if (alike == Alike::volume && extent.z >= 4 && extent.y >= 4) return {4, 4, 4};
  if (extent.y >= 8) return {1, 8, 8};
  return {1, 1, 64};
}

/// How many words of each axis a part has: as alike in size as can be, but rows of 64 voxels first, since
/// they are read as rows.
Extent words_of_part(const Extent& word, const Extent& grid, std::int64_t most_words) {
  Extent part{1, 1, std::min(grid.x, 64 / word.x)};
  while (true) {
    int shortest = -1;
    for (int axis = 0; axis < 3; ++axis) {
      if (part[axis] >= grid[axis]) continue;
      if (shortest < 0 || part[axis] * word[axis] < part[shortest] * word[shortest]) shortest = axis;
    }
    if (shortest < 0) return part;
    Extent larger = part;
    larger[shortest] = std::min(2 * part[shortest], grid[shortest]);
    if (voxel_count(larger) > most_words) return part;
    part = larger;
  }
}

}  // namespace

std::vector<VoxelWords> divide_into_words(const Extent& extent, Alike alike, std::size_t most_words) {
  const Extent word = word_for(extent, alike);
  const auto parts_of = [](std::int64_t length, std::int64_t part) { return (length + part - 1) / part; };
  const Extent grid{parts_of(extent.z, word.z), parts_of(extent.y, word.y), parts_of(extent.x, word.x)};
  const Extent part = words_of_part(word, grid, static_cast<std::int64_t>(most_words));
  std::vector<VoxelWords> parts;
  for (std::int64_t z = 0; z < grid.z; z += part.z)
    for (std::int64_t y = 0; y < grid.y; y += part.y)
      for (std::int64_t x = 0; x < grid.x; x += part.x) {
        VoxelWords p{word, {}, {z * word.z, y * word.y, x * word.x}, {}};
        p.words = {std::min(part.z, grid.z - z), std::min(part.y, grid.y - y), std::min(part.x, grid.x - x)};
        p.inside = {std::min(p.words.z * word.z, extent.z - p.first.z),
                    std::min(p.words.y * word.y, extent.y - p.first.y),
                    std::min(p.words.x * word.x, extent.x - p.first.x)};
        parts.push_back(p);
      }
  return parts;
}

}  // namespace cleft
