#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/array3.hpp"
#include "base/narrow.hpp"

namespace cleft {

/// Which voxels are most alike, and so go through the trees together.
enum class Alike {
  volume,   ///< neighbours in all directions, as features of 3D filters are
  section,  ///< neighbours within a section, as features of 2D filters are
};

/// A volume as words of 64 neighbouring voxels (see LaneMasks), in z, y, x order: 4 x 4 x 4, or 8 x 8 of one
/// section, or a run of 64. Words at the volume's end may be partly outside of it. For example, a volume of
/// 1 x 20 x 30 is 3 x 4 words of 1 x 8 x 8: word 0 has the voxels y 0-7, x 0-7; word 11 has y 16-23, x 24-31,
/// of which 4 x 6 are inside. Within a word lanes are in z, y, x order as well.
struct VoxelWords {
  VoxelWords() = default;
  /// \pre No axis of `volume` is 0.
  VoxelWords(const Extent& volume, Alike alike);

  std::size_t word_count() const { return to_size(voxel_count(words)); }

  struct Place {
    std::size_t word, lane;
  };
  Place place_of(const LocalVoxel& voxel) const {
    const std::int64_t number = (voxel.z / word.z * words.y + voxel.y / word.y) * words.x + voxel.x / word.x;
    const std::int64_t lane = (voxel.z % word.z * word.y + voxel.y % word.y) * word.x + voxel.x % word.x;
    return {to_size(number), to_size(lane)};
  }

  /// Calls body(voxels before it, its voxels, its place) for the pieces of a row that single words have.
  template <class Body>
  void for_each_piece(const LocalVoxel& begin, std::int64_t voxels, const Body& body) const {
    for (std::int64_t done = 0, count = 0; done < voxels; done += count) {
      count = std::min(word.x - (begin.x + done) % word.x, voxels - done);
      body(done, count, place_of({begin.z, begin.y, begin.x + done}));
    }
  }

  /// Calls body(first voxel, voxels, first lane) for the rows of a word, as far as they are inside.
  template <class Body>
  void for_each_row_of(std::size_t number, const Body& body) const {
    const auto n = narrow<std::int64_t>(number);
    const LocalVoxel first{n / (words.y * words.x) * word.z, n / words.x % words.y * word.y,
                           n % words.x * word.x};
    const Extent count{std::min(word.z, extent.z - first.z), std::min(word.y, extent.y - first.y),
                       std::min(word.x, extent.x - first.x)};
    for (std::int64_t z = 0; z < count.z; ++z)
      for (std::int64_t y = 0; y < count.y; ++y)
        body(LocalVoxel{first.z + z, first.y + y, first.x}, count.x, to_size((z * word.y + y) * word.x));
  }

  Extent extent;  ///< of the volume
  Extent word;    ///< voxels of a word: 64
  Extent words;   ///< how many words there are
};

}  // namespace cleft
