#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <hwy/aligned_allocator.h>

#include "forest/predict/coded_trees.hpp"
#include "forest/tuning.hpp"

namespace cleft::forest {

/// Sends voxels through trees, 64 at a time. 64 neighbouring voxels are a *word* (see VoxelWords), and each
/// of them is one of its *lanes*, which SIMD instructions compare side by side. An *entry* is the set of a
/// word's voxels that have reached the same node: a 64-bit mask that selects them, and an *address* that says
/// where they are:
///
///     Addressing::by_word    node << 8 | word
///     Addressing::by_voxel   node << 8 | word << 6 | lane; the lane is 0 where the mask tells the voxels
///
/// Entries wait in a queue. Taking one out, its voxels' codes are compared with the node's, and the two sets
/// that go left and right are put in at the end, or, where the child is a leaf, noted as an *arrival*: the
/// same mask, and an address that has the leaf's tag (see TreeBundle) in place of the node.
class LaneMasks {
 public:
  static constexpr std::size_t lanes = 64;  ///< voxels of a word
  static constexpr std::size_t max_words = words_of_batch;
  static_assert(max_words <= 256, "an address by word has 8 bits for the word");
  static_assert(words_together * lanes == 256, "an address by voxel has 8 bits for the voxel");

  enum class Addressing {
    by_word,   ///< up to max_words words at a time
    by_voxel,  ///< up to words_together words; voxels that are alone at a node can be walked one by one
  };

  /// Allocates for up to `words` words that go through up to `trees` trees at once.
  /// \pre 1 <= words <= max_words, or words_together where addresses are by voxel
  /// \throws std::bad_alloc
  LaneMasks(std::size_t words, std::size_t trees, Addressing addressing);

  /// Sends the live voxels of all words through the trees of a bundle, all words and trees side by side.
  /// Afterwards the arrivals tell which voxels came to which leaf, in no particular order; of one tree a
  /// voxel is in at most one (in none, where its leaf does not count).
  ///
  /// \param nodes  Of the bundle.
  /// \param roots  Of its trees.
  /// \param codes  [word / words_together][channel][word % words_together][lane], in whole sets of
  ///               words_together words, aligned as vectors are. One element past the end may be loaded; its
  ///               value is ignored.
  /// \param channels  How many channels there are codes of.
  /// \param live   [word] which voxels to send.
  /// \pre live.size() <= words, roots.size() <= trees; the bundle has fewer than 2^24 nodes.
  void walk(std::span<const PackedNode> nodes, std::span<const PackedRoot> roots, const std::int16_t* codes,
            std::size_t channels, std::span<const std::uint64_t> live);

  /// [arrival] which voxels of the word
  std::span<const std::uint64_t> arrival_masks() const { return {arrival_masks_.get(), found_.arrivals}; }
  /// [arrival] the leaf's tag and the word
  std::span<const std::uint32_t> arrival_addresses() const {
    return {arrival_addresses_.get(), found_.arrivals};
  }
  /// Addresses of further arrivals, each of the one voxel that its address names. None where addresses are by
  /// word.
  std::span<const std::uint32_t> lone_arrivals() const {
    return {lone_arrivals_.get(), found_.lone_arrivals};
  }

  /// What the kernels work on: arrays with room behind their last element for one vector more.
  struct Queue {
    Addressing addressing;
    std::uint64_t* masks;  // [entry] first in, first out
    std::uint32_t* addresses;
    std::size_t begun;    // entries at the roots
    std::size_t restart;  // the queue is moved back to its beginning when its head is past this entry
    std::uint64_t* arrival_masks;
    std::uint32_t* arrival_addresses;
    std::size_t arrived;  // arrivals that are there already, of trees that are one leaf
    std::uint32_t* lone;  // addresses of voxels that are alone at an inner node
    std::uint32_t* lone_arrivals;
  };
  /// How much the kernels have found.
  struct Found {
    std::size_t arrivals = 0, lone_arrivals = 0;
  };

 private:
  Addressing addressing_;
  Found found_;
  hwy::AlignedFreeUniquePtr<std::uint64_t[]> masks_, arrival_masks_;
  hwy::AlignedFreeUniquePtr<std::uint32_t[]> addresses_, arrival_addresses_, lone_, lone_arrivals_;
};

}  // namespace cleft::forest
