#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace cleft {

// What voxels of a block collect at the leaves they come to. Voxels stand as words of 64 lanes (see
// LaneMasks).

/// Leaves' fractions are added four classes at a time: rows of [leaf] and [voxel] sums are padded to this.
constexpr std::size_t padded_classes(std::size_t classes) {
  return (classes + 3) / 4 * 4;
}

/// votes[word][lane] += 1 for each tree whose mask of the word has the lane.
/// \param masks  Those of a tree begin `step` behind those of the tree before.
/// \pre step >= words; votes.size() >= 64 * words; no vote comes to 256.
void add_votes(std::span<const std::uint64_t> masks, std::size_t step, std::size_t words,
               std::span<std::uint8_t> votes);

/// For each report (see LaneMasks) leaf_of[voxel] = leaf for the voxels in its mask.
/// \param leaf_of  [word][lane]
void set_leaves(std::span<const std::uint64_t> report_masks, std::span<const std::uint32_t> report_keys,
                std::span<std::uint16_t> leaf_of);

/// sums[voxel][class] += rows[leaf_of[voxel]][class], each class in float32.
/// \pre sums.size() == leaf_of.size() * padded; padded is a multiple of 4.
void add_rows(std::span<const std::uint16_t> leaf_of, const float* rows, std::size_t padded,
              std::span<float> sums);

}  // namespace cleft
