#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/array3.hpp"
#include "forest/lane_masks.hpp"

namespace cleft {

/// Which voxels are most alike, and so go through the trees together.
enum class Alike {
  volume,   ///< neighbours in all directions, as features of 3D filters are
  section,  ///< neighbours within a section, as features of 2D filters are
};

/// Part of a volume as words of 64 neighbouring voxels (see LaneMasks): 4 x 4 x 4, or 8 x 8 of one section,
/// or a run of 64. Words at the volume's end may be partly outside of it. For example, words of 1 x 8 x 8 in
/// a volume of 1 x 20 x 30: word 0 has the voxels y 0-7, x 0-7; with a grid of 3 x 4 words word 11 has y
/// 16-23, x 24-31, of which 4 x 6 are inside.
struct VoxelWords {
  Extent word;   ///< voxels of a word: 64
  Extent words;  ///< how many words there are
  LocalVoxel first;
  Extent inside;  ///< how much of the words is inside the volume, from `first` on

  std::size_t word_count() const { return static_cast<std::size_t>(voxel_count(words)); }
  /// Calls body(z, y, word, lane) for each row of voxels that is inside, z and y counted from `first`: the
  /// row begins with this word and lane, and goes on with word.x lanes of each next word.
  template <class Body>
  void for_each_row(const Body& body) const {
    for (std::int64_t z = 0; z < inside.z; ++z)
      for (std::int64_t y = 0; y < inside.y; ++y) {
        const std::int64_t at = (z / word.z * words.y + y / word.y) * words.x;
        const std::int64_t lane = (z % word.z * word.y + y % word.y) * word.x;
        body(z, y, static_cast<std::size_t>(at), static_cast<std::size_t>(lane));
      }
  }
  /// Calls body(x, count, word) for the pieces of such a row that begins with `row_word`.
  template <class Body>
  void for_each_piece(std::size_t row_word, const Body& body) const {
    for (std::int64_t x = 0; x < inside.x; x += word.x, ++row_word)
      body(x, std::min(word.x, inside.x - x), row_word);
  }
};

/// Divides a volume into words and these into parts of at most `most_words` words, each voxel in one of them.
/// \pre No axis of `extent` is 0.
std::vector<VoxelWords> divide_into_words(const Extent& extent, Alike alike, std::size_t most_words);

}  // namespace cleft
