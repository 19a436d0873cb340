#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/array3.hpp"
#include "forest/predict/lane_masks.hpp"
#include "forest/predict/packed_forest.hpp"
#include "forest/predict/voxel_codes.hpp"

namespace cleft {

/// A few thousand voxels that go through a forest together; made once and used for one block of words after
/// the other.
class PredictBlock {
 public:
  /// \param forest  Outlives it.
  /// \param words   The most that a block will have.
  PredictBlock(const PackedForest& forest, std::size_t words);

  /// Begins with `words` words of a volume, from `first` on.
  /// \pre `first` is a multiple of LaneMasks::words_together.
  void begin(std::size_t first, std::size_t words);
  /// Adds the trees of the next group.
  /// \param codes     The group's, of all channels of the volume; of a group that is not packed, only which
  ///                  voxels are live.
  /// \param channels  All of the forest's, of the volume's extent, where the group is not packed.
  void add_group(const VoxelCodes& codes, std::span<const View3<const float>> channels);
  /// When all groups are added.
  /// \param codes  Of any group.
  /// \param probabilities  One per class, of the volume's extent, of which this block's voxels are written;
  ///               a view of nothing where a class is not wanted.
  void store(const VoxelCodes& codes, std::span<const View3<float>> probabilities) const;

 private:
  void add_batch(const PackedGroup& group, const PackedLeaves& leaves, const PackedBatch& batch,
                 const VoxelCodes& codes);
  void count_reports(std::size_t first_word, std::size_t words, std::size_t trees);
  void add_leaves_of(std::size_t first_word, std::size_t words, const PackedLeaves& leaves,
                     std::size_t first_leaf);
  void add_large_tree(std::int32_t root, const VoxelWords& words,
                      std::span<const View3<const float>> channels);
  void add_large_leaf(std::size_t voxel, std::int32_t leaf);
  void note_trees(int trees);
  void count_votes();
  void begin_forest();
  void done_to(int end_tree);
  void end_forest(int trees);

  const PackedForest& packed_;
  const std::size_t voxels_, classes_, padded_;
  const std::size_t words_at_once_;    // that are walked together, with a batch's trees
  std::size_t first_ = 0, words_ = 0;  // the block
  std::size_t next_group_ = 0, forest_ = 0;
  int first_of_forest_ = 0;
  LaneMasks walks_;
  std::vector<std::uint64_t> masks_;  // [tree of the batch][class][word of those walked together] votes
  std::vector<std::uint8_t> votes_;   // [class][voxel] of the trees since they were last counted
  int uncounted_trees_ = 0;
  std::vector<std::uint16_t> leaf_of_;  // [voxel] within the tree; 0 where not live
  std::vector<float> sums_;      // over the trees of one forest; [class][voxel] or, of leaves that do not
                                 // vote, [voxel][padded class]
  std::vector<double> weights_;  // [voxel] what sums_ will be divided by, where leaves have weights
  std::vector<float> shares_;    // [class][voxel] over the forests that are done
};

}  // namespace cleft
