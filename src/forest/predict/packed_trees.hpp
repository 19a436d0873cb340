#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "forest/forest.hpp"
#include "forest/predict/threshold_codes.hpp"

namespace cleft {

/// An inner node in 8 bytes. A tree's inner nodes stand depth first, left before right: the first child that
/// is no leaf is the next node; `other` tells what else is needed.
struct PackedNode {
  static constexpr std::uint8_t left_is_leaf = 1, right_is_leaf = 2, left_counts = 4, right_counts = 8;

  std::int16_t code = 0;     ///< a voxel goes right if its code is above
  std::uint8_t channel = 0;  ///< index among the group's channels
  std::uint8_t kinds = 0;    ///< the bits above; a leaf that does not count need not be reported
  std::uint32_t other = 0;   ///< both are inner nodes: how far the right child is from this node; else what
                             ///< is reported of the left leaf (lower 16 bits) and of the right one (upper)
};
static_assert(sizeof(PackedNode) == 8);

/// Where a tree begins.
struct PackedRoot {
  std::uint32_t place = 0;  ///< node of the batch; of a tree that is one leaf, what is reported of that
  bool is_leaf = false, counts = false;  ///< as the bits of a node
};

/// Consecutive trees of one forest that are walked together. What is reported of a leaf is, where leaves
/// vote, (tree of the batch) * classes + class, else its number in its tree, left before right.
struct PackedBatch {
  int first_tree = 0, end_tree = 0;            ///< of the forest
  std::vector<PackedRoot> roots;               ///< one per tree
  std::size_t first_node = 0, node_count = 0;  ///< in PackedGroup::nodes
  std::size_t first_leaf = 0;                  ///< in PackedGroup::leaves, where leaves do not vote
};

/// Consecutive trees of a forest that share one set of codes.
struct PackedGroup {
  static constexpr std::size_t max_channels = 256, max_leaves = 65536;  ///< leaves: per tree

  int first_tree = 0, end_tree = 0;
  bool packed = true;  ///< false: one tree that is too large for these limits; nothing below is set
  std::vector<PackedBatch> batches;
  std::vector<PackedNode> nodes;
  std::vector<std::int32_t> leaves;    ///< in the order of the trees; empty where leaves vote
  std::vector<std::int32_t> channels;  ///< the forest's channels that are asked for
  std::vector<ThresholdCodes> codes;   ///< [channel of the group]
};

/// What leaves vote for, where every leaf of a forest is one class only and adds 1 to the divisor.
struct LeafVotes {
  static constexpr int max_classes = 256;
  /// How many trees are a batch; LaneMasks::words_together words go through them together, whose codes stay
  /// in the first-level cache. (Measured: more trees drive them out, fewer leave too little to do side by
  /// side.)
  static constexpr int trees_at_once = 16;
  static_assert(trees_at_once * max_classes <= 1 << 16, "a node holds what is reported of a leaf in 16 bits");

  std::vector<std::uint8_t> class_of;  ///< [leaf of the forest]
  std::size_t class_count = 0;
  std::size_t counted_last = 0;  ///< the class that gets what no other class has: its leaves do not count
};

/// Divides a forest into groups of consecutive trees within the limits of codes and nodes, most often one,
/// and these into batches.
/// \param votes  Null where leaves do not vote: each batch is one tree then, and all leaves count.
/// \pre validate() passes for the forest.
std::vector<PackedGroup> pack_trees(const Forest& forest, const LeafVotes* votes);

/// Whether that is one group and packed, from counts that are quickly taken; false also for some forests of
/// which it is true.
/// \pre validate() passes for the forest.
bool is_surely_one_group(const Forest& forest);

}  // namespace cleft
