#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <hwy/aligned_allocator.h>

#include "forest/predict/packed_trees.hpp"

namespace cleft {

/// Voxels that stand at one place of a batch of trees: 64 neighbours are a word, and a mask tells which of
/// them it is about. A key is the place (an inner node of the batch, or what is reported of a leaf) times
/// 256, plus what `KeysAre` says.
class LaneMasks {
 public:
  static constexpr std::size_t lanes = 64;  ///< voxels of a word
  static constexpr std::size_t max_words = 128;
  /// Words whose codes of one channel stand side by side.
  static constexpr std::size_t words_together = 4;
  static_assert(words_together * lanes == 256, "a key of voxels has 8 bits for the voxel");

  enum class KeysAre {
    of_words,   ///< the word
    of_voxels,  ///< the first voxel of the word, or a single voxel; of at most words_together words
  };

  /// Allocates for up to `words` words that go through up to `trees` trees at once.
  /// \pre 1 <= words <= max_words, or words_together where keys are of voxels
  LaneMasks(std::size_t words, std::size_t trees, KeysAre keys_are);

  /// Sends the live voxels of all words through the trees of a batch, all words, trees and nodes side by
  /// side. Afterwards the reports tell which voxels came to which leaf, in no particular order; of one tree a
  /// voxel is in at most one.
  ///
  /// \param nodes  Of the batch.
  /// \param codes  [word / words_together][channel of the group][word % words_together][lane], in whole
  ///               sets of words_together words, aligned as vectors are; one more may be read (not used).
  /// \param live   [word] which voxels to send.
  /// \pre live.size() <= words, roots.size() <= trees; the batch has fewer than 2^24 nodes.
  void walk(std::span<const PackedNode> nodes, std::span<const PackedRoot> roots, const std::int16_t* codes,
            std::size_t channels, std::span<const std::uint64_t> live);

  std::span<const std::uint64_t> report_masks() const { return {report_masks_.get(), found_.reports}; }
  /// [report] with what is reported of the leaf as the place
  std::span<const std::uint32_t> report_keys() const { return {report_keys_.get(), found_.reports}; }
  /// Further reports, of a single voxel each and so without a mask; none unless keys are of voxels.
  std::span<const std::uint32_t> lone_reports() const { return {lone_reports_.get(), found_.lone_reports}; }

  /// What the kernels work on.
  struct Queue {
    KeysAre keys_are;
    std::uint64_t* masks;  // of voxels at inner nodes, first come, first served
    std::uint32_t* keys;
    std::size_t begun;    // entries at the roots
    std::size_t restart;  // from where on the queue is moved back to its beginning
    std::uint64_t* report_masks;
    std::uint32_t* report_keys;
    std::size_t reported;  // reports that are there already, of trees that are one leaf
    std::uint32_t* lone;   // keys of voxels that are alone at an inner node
    std::uint32_t* lone_reports;
  };
  /// What they have found.
  struct Found {
    std::size_t reports = 0, lone_reports = 0;
  };

 private:
  KeysAre keys_are_;
  Found found_;
  hwy::AlignedFreeUniquePtr<std::uint64_t[]> masks_, report_masks_;
  hwy::AlignedFreeUniquePtr<std::uint32_t[]> keys_, report_keys_, lone_, lone_reports_;
};

}  // namespace cleft
