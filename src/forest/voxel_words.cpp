#include "forest/voxel_words.hpp"

namespace cleft {
namespace {

Extent word_for(const Extent& extent, Alike alike) {
  if (alike == Alike::volume && extent.z >= 4 && extent.y >= 4) return {4, 4, 4};
  if (extent.y >= 8) return {1, 8, 8};
  return {1, 1, 64};
}

std::int64_t parts_of(std::int64_t length, std::int64_t part) {
  return (length + part - 1) / part;
}

}  // namespace

VoxelWords::VoxelWords(const Extent& volume, Alike alike)
    : extent(volume),
      word(word_for(volume, alike)),
      words{parts_of(volume.z, word.z), parts_of(volume.y, word.y), parts_of(volume.x, word.x)} {}

}  // namespace cleft
