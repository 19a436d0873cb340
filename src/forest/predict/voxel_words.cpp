#include "forest/predict/voxel_words.hpp"

namespace cleft::forest {
namespace {

Extent word_for(const Extent& extent, Alike alike) {
  if (alike == Alike::volume && extent.z >= 4 && extent.y >= 4) return {4, 4, 4};
  if (extent.y >= 8) return {1, 8, 8};
  return {1, 1, 64};
}

std::int64_t words_along(std::int64_t length, std::int64_t word) {
  return (length + word - 1) / word;
}

}  // namespace

VoxelWords::VoxelWords(const Extent& volume, Alike alike)
    : extent(volume),
      word(word_for(volume, alike)),
      words{words_along(volume.z, word.z), words_along(volume.y, word.y), words_along(volume.x, word.x)} {}

}  // namespace cleft::forest
