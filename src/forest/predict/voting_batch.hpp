#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/array3.hpp"
#include "forest/predict/lane_masks.hpp"
#include "forest/predict/packed_forest.hpp"
#include "forest/predict/voxel_codes.hpp"

namespace cleft::forest {

/// A few thousand voxels that a forest votes on together; made once and used for one batch of words after the
/// other. For each batch: begin, add for each of the forest's CodedTrees in order, store. Not for several
/// threads at a time.
class VotingBatch {
 public:
  /// \param words  The most that a batch will have.
  /// \pre words >= 1
  /// \throws std::bad_alloc
  VotingBatch(std::shared_ptr<const PackedForest> forest, std::size_t words);

  /// Begins with `words` words of a volume, from `first` on.
  /// \pre `first` is a multiple of words_together.
  void begin(std::size_t first, std::size_t words);

  /// Adds the votes of the next of the forest's CodedTrees.
  ///
  /// \param codes     Made for these trees, of all channels of the volume; for a tree that is not coded, only
  ///                  which voxels are live.
  /// \param channels  [channel of the forest] of the volume's extent. Only used where the trees are not
  ///                  coded.
  void add(const VoxelCodes& codes, std::span<const View3<const float>> channels);

  /// Writes the probabilities, when all trees are added.
  ///
  /// \param codes  Of any of the trees.
  /// \param probabilities  One per class, of the volume's extent, of which this batch's voxels are written.
  ///               An empty view for a class that is not needed.
  void store(const VoxelCodes& codes, std::span<const View3<float>> probabilities) const;

 private:
  void add_bundle(const CodedTrees& trees, const PackedLeaves& leaves, const TreeBundle& bundle,
                  const VoxelCodes& codes);
  void count_arrivals(std::size_t first_word, std::size_t words, std::size_t trees);
  void add_leaves_of(std::size_t first_word, std::size_t words, const PackedLeaves& leaves,
                     std::size_t first_leaf);
  void add_plain_tree(const CodedTrees& tree, const PackedLeaves& leaves, const VoxelWords& words,
                      std::span<const View3<const float>> channels);
  void add_plain_leaf(std::size_t voxel, std::size_t leaf, const CodedTrees& tree,
                      const PackedLeaves& leaves);
  void make_room_for_votes(int trees);
  void count_votes();
  void begin_sub_forest();
  void done_to(int end_tree);
  void end_sub_forest(int trees);
  void store_class(const VoxelCodes& codes, const float* shares, const View3<float>& probability) const;

  const std::shared_ptr<const PackedForest> forest_;
  const std::size_t voxels_, classes_, padded_;
  const std::size_t words_at_once_;    // that are walked together, with a bundle's trees
  std::size_t first_ = 0, words_ = 0;  // the batch
  std::size_t next_trees_ = 0;         // in PackedForest::coded
  std::size_t sub_forest_ = 0;
  int first_of_sub_forest_ = 0;  // tree
  LaneMasks walks_;
  std::vector<std::uint64_t>
      masks_;  // [tree of the bundle][class][word of those walked together] who voted so
  std::vector<std::uint8_t> votes_;  // [class][voxel] of the trees since they were last counted
  int uncounted_trees_ = 0;
  std::vector<std::uint16_t> leaf_of_;  // [voxel] within the tree; 0 where not live
  std::vector<float> sums_;  // over the trees of one sub-forest; [class][voxel] or, of leaves that are not
                             // pure, [voxel][padded class]
  std::vector<double> weights_;  // [voxel] what sums_ will be divided by, where leaves have weights
  std::vector<float> shares_;    // [class][voxel] over the sub-forests that are done
};

}  // namespace cleft::forest
