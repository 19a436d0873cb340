#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/array3.hpp"
#include "base/narrow.hpp"

namespace cleft::forest {

/// Which voxels have the most similar channels. They should go through the trees together: the fewer nodes a
/// word's voxels spread over, the less there is to do.
enum class Alike {
  volume,   ///< neighbours in all directions, as with features of 3D filters
  section,  ///< neighbours within a section, as with features of 2D filters
};

/// A volume (here: any 3-D array of voxels, mostly a tile) as words of 64 neighbouring voxels, which go
/// through the trees together (see LaneMasks). Words are 4 x 4 x 4 voxels, or 8 x 8 of one section, or 64 in
/// a row, whatever the volume is thick and wide enough for. Words stand in z, y, x order, and so do the
/// voxels within a word: its lanes. Words at the volume's end may be partly outside of it.
///
/// For example, a volume of 1 x 20 x 30 is 3 x 4 words of 1 x 8 x 8: word 0 has the voxels y 0-7, x 0-7; word
/// 11 has y 16-23, x 24-31, of which 4 x 6 are inside.
struct VoxelWords {
  VoxelWords() = default;
  /// \pre No axis of `volume` is 0.
  VoxelWords(const Extent& volume, Alike alike);

  std::size_t word_count() const { return to_size(voxel_count(words)); }

  /// Where a voxel is: the number of its word, and its lane there.
  struct Place {
    std::size_t word, lane;
  };
  /// \pre The voxel is inside the volume.
  Place place_of(const LocalVoxel& voxel) const {
    const std::int64_t number = (voxel.z / word.z * words.y + voxel.y / word.y) * words.x + voxel.x / word.x;
    const std::int64_t lane = (voxel.z % word.z * word.y + voxel.y % word.y) * word.x + voxel.x % word.x;
    return {to_size(number), to_size(lane)};
  }

  /// Cuts a part of a row where words end: calls body(voxels before, voxels, place of the first) for each
  /// word along it.
  ///
  /// \param begin   Where the part begins; it goes on along x.
  /// \param voxels  How long it is; within the volume.
  template <class Body>
  void for_each_word_along(const LocalVoxel& begin, std::int64_t voxels, const Body& body) const {
    for (std::int64_t done = 0, count = 0; done < voxels; done += count) {
      count = std::min(word.x - (begin.x + done) % word.x, voxels - done);
      body(done, count, place_of({begin.z, begin.y, begin.x + done}));
    }
  }

  /// Calls body(first voxel, voxels, lane of the first) for each row of word `number`, as far as it is inside
  /// the volume.
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
  Extent words;   ///< how many words there are along each axis
};

}  // namespace cleft::forest
