#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/array3.hpp"
#include "forest/lane_masks.hpp"
#include "forest/packed_forest.hpp"
#include "forest/voxel_words.hpp"

namespace cleft {

/// A few thousand voxels that go through a forest together; made once and used for one part of a volume after
/// the other.
class PredictBlock {
 public:
  /// \param words  The most that a part will have; at most LaneMasks::most_words.
  PredictBlock(const PackedForest& forest, std::size_t words);

  /// Predicts one part: reads its voxels of the channels and writes its voxels of the probabilities.
  void predict(const VoxelWords& part, std::span<const View3<const float>> channels,
               std::span<const View3<float>> probabilities);

 private:
  void find_live(std::span<const View3<const float>> channels);
  void drop_nan(const float* values, std::size_t row_word, std::size_t lane);
  void encode(const PackedGroup& group, std::span<const View3<const float>> channels);
  void add_packed_tree(const PackedGroup& group, const PackedLeaves& leaves, std::size_t tree);
  void add_votes_of(std::span<const std::uint64_t> masks, std::span<const std::uint32_t> leaf_keys,
                    const std::uint8_t* classes);
  void add_leaves_of(std::span<const std::uint64_t> masks, std::span<const std::uint32_t> leaf_keys,
                     const PackedLeaves& leaves, std::size_t first_leaf);
  void add_large_tree(std::int32_t root, std::span<const View3<const float>> channels);
  void add_large_leaf(std::size_t voxel, std::int32_t leaf);
  void count_votes();
  void begin_forest();
  void end_forest(int trees);
  void store(std::span<const View3<float>> probabilities) const;

  /// Row (z, y) of the part's voxels.
  template <class T>
  T* row_of(const View3<T>& volume, std::int64_t z, std::int64_t y) const {
    return volume.row(part_.first.z + z, part_.first.y + y) + part_.first.x;
  }

  const PackedForest& packed_;
  const std::size_t words_, voxels_, classes_, padded_;
  VoxelWords part_{};
  LaneMasks walks_;
  std::vector<std::uint64_t> live_;                  // [word] voxels inside the volume, without NaN
  hwy::AlignedFreeUniquePtr<std::int16_t[]> codes_;  // [word][channel of the group][lane]
  std::vector<std::int16_t> row_;                    // codes of one row of voxels
  std::vector<std::uint64_t> masks_;                 // [class][word] votes of one tree
  std::vector<std::uint8_t> votes_;  // [class][voxel] of the trees since they were last counted
  int uncounted_trees_ = 0;
  std::vector<std::uint16_t> leaf_of_;  // [voxel] within the tree; 0 where not live
  std::vector<float> sums_;      // over the trees of one forest; [class][voxel] or, of leaves that do not
                                 // vote, [voxel][padded class]
  std::vector<double> weights_;  // [voxel] what sums_ will be divided by, where leaves have weights
  std::vector<float> shares_;    // [class][voxel] over the forests that are done
};

}  // namespace cleft
