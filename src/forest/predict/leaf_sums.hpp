#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace cleft::forest {

// What voxels collect at the leaves they come to. Voxels stand as words of 64 lanes (see LaneMasks).

/// Leaves' fractions are added four classes at a time: rows of [leaf] and [voxel] sums are padded to this.
constexpr std::size_t padded_classes(std::size_t classes) {
  return (classes + 3) / 4 * 4;
}

/// votes[word][lane] += 1 for each tree whose mask of the word has the lane.
///
/// \param masks  [tree][...][word]: those of a tree begin `step` behind those of the tree before, and the
///               last tree may end with its last word.
/// \param words  How many words of each tree to count.
/// \pre step >= words; votes.size() >= 64 * words; no vote comes to 256.
void add_votes(std::span<const std::uint64_t> masks, std::size_t step, std::size_t words,
               std::span<std::uint8_t> votes);

/// Notes the leaf that each voxel has come to in one tree: for each arrival, leaf_of[voxel] = its tag for the
/// voxels in its mask. Other voxels keep what they have.
///
/// \param masks      [arrival] see LaneMasks::arrival_masks
/// \param addresses  [arrival] tag << 8 | word, as LaneMasks has them where addresses are by word
/// \param leaf_of    [word][lane]
/// \pre tags are below 65536
void set_leaves(std::span<const std::uint64_t> masks, std::span<const std::uint32_t> addresses,
                std::span<std::uint16_t> leaf_of);

/// sums[voxel][class] += rows[leaf_of[voxel]][class], each class in float32.
///
/// \param rows    [leaf][padded class]
/// \param padded  Classes of a row: padded_classes of the number of classes.
/// \pre sums.size() >= leaf_of.size() * padded; padded is a multiple of 4.
void add_rows(std::span<const std::uint16_t> leaf_of, const float* rows, std::size_t padded,
              std::span<float> sums);

}  // namespace cleft::forest
