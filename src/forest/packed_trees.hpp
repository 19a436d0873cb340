#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "forest/forest.hpp"
#include "forest/threshold_codes.hpp"

namespace cleft {

/// An inner node in 8 bytes. A tree's inner nodes stand depth first, left before right, and so do its leaves:
/// the first child that is no leaf is the next node; `other` tells what else is needed.
struct PackedNode {
  static constexpr std::uint8_t left_is_leaf = 1, right_is_leaf = 2, left_counts = 4, right_counts = 8;

  std::int16_t code = 0;     ///< a voxel goes right if its code is above
  std::uint8_t channel = 0;  ///< index among the group's channels
  std::uint8_t kinds = 0;    ///< the bits above; a leaf that does not count need not be reported
  std::uint32_t other =
      0;  ///< both are inner nodes: how far the right child is from this node; else the leaf,
          ///< of two the left one (the right is the next)
};
static_assert(sizeof(PackedNode) == 8);

struct PackedTree {
  std::size_t first_node = 0, node_count = 0;  ///< in PackedGroup::nodes
  std::size_t first_leaf = 0;                  ///< in PackedGroup::leaves
};

/// Consecutive trees of a forest that share one set of codes.
struct PackedGroup {
  static constexpr std::size_t most_channels = 256, most_leaves = 65536;  ///< leaves: per tree

  int first_tree = 0, end_tree = 0;
  bool packed = true;  ///< false: one tree that is too large for these limits; nothing below is set
  std::vector<PackedTree> trees;
  std::vector<PackedNode> nodes;
  std::vector<std::int32_t> leaves;    ///< the forest's leaf, in the order of the trees
  std::vector<std::int32_t> channels;  ///< the forest's channels that are asked for
  std::vector<ThresholdCodes> codes;   ///< [channel of the group]
};

/// Divides a forest into groups of consecutive trees within the limits of codes and nodes, most often one.
/// \param leaf_counts  [leaf of the forest] whether it is to be reported; empty: all are.
/// \pre validate() passes for the forest.
std::vector<PackedGroup> pack_trees(const Forest& forest, const std::vector<bool>& leaf_counts);

}  // namespace cleft
