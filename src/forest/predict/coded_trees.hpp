#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "forest/forest.hpp"
#include "forest/predict/threshold_codes.hpp"
#include "forest/tuning.hpp"

namespace cleft::forest {

/// An inner node in 8 bytes. A tree's inner nodes stand depth first, left before right, so that the next node
/// is the left child, or the right one where the left child is a leaf; `other` tells what else is needed.
struct PackedNode {
  static constexpr std::uint8_t left_is_leaf = 1, right_is_leaf = 2, left_counts = 4, right_counts = 8;

  std::int16_t code = 0;     ///< a voxel goes right if its code is above this
  std::uint8_t channel = 0;  ///< index among CodedTrees::channels
  std::uint8_t kinds = 0;    ///< the bits above; arrivals at a leaf that does not count are not noted
  std::uint32_t other = 0;   ///< both children are inner nodes: how far the right child is from this node;
                             ///< else the tag of the left leaf (lower 16 bits) and of the right one (upper)
};
static_assert(sizeof(PackedNode) == 8);

/// Where a tree begins.
struct PackedRoot {
  std::uint32_t place = 0;               ///< node of the bundle, or the tag of the only leaf
  bool is_leaf = false, counts = false;  ///< as the bits of a node
};

/// Consecutive trees of one sub-forest that voxels are sent through together. A leaf's *tag* is what arrivals
/// at it are known by: tree of the bundle * classes + class where leaves are pure, otherwise the leaf's
/// number in its tree (left before right; such a bundle is one tree).
struct TreeBundle {
  int first_tree = 0, end_tree = 0;            ///< of the forest
  std::vector<PackedRoot> roots;               ///< one per tree
  std::size_t first_node = 0, node_count = 0;  ///< in CodedTrees::nodes
  std::size_t first_leaf = 0;                  ///< in CodedTrees::leaves, where leaves are not pure
};

/// A tree that is too large to be packed, as arrays like those of Forest: a reference r >= 0 is node r, r < 0
/// is leaf ~r. Nodes and leaves are numbered depth first, left before right.
struct PlainTree {
  std::int32_t root = 0;
  std::vector<std::int32_t> channel;  ///< of the forest
  std::vector<double> threshold;
  std::vector<std::int32_t> left, right;
};

/// Consecutive trees of a forest that share one set of codes: each threshold of a channel is known by its
/// rank, and so is each value (see ThresholdCodes). Most forests are one such set.
struct CodedTrees {
  static constexpr std::size_t max_channels = 256, max_leaves = 65536;  ///< leaves: per tree

  int first_tree = 0, end_tree = 0;  ///< of the forest
  bool coded = true;  ///< false: one tree too large for these limits; only plain and leaves are set
  std::vector<TreeBundle> bundles;
  std::vector<PackedNode> nodes;
  std::vector<std::int32_t> leaves;  ///< leaves of the forest, tree by tree; empty where leaves are pure and
                                     ///< trees coded
  std::vector<std::int32_t> channels;  ///< channels of the forest that nodes ask for, ascending
  std::vector<ThresholdCodes> codes;   ///< one for each of these channels
  PlainTree plain;                     ///< the tree, where it is not coded
};

/// What leaves stand for in a forest whose leaves are all *pure*: each gives its tree's whole vote, exactly
/// 1, to one class, and adds 1 to the divisor. Then votes are counted instead of fractions added.
struct PureLeaves {
  static constexpr int max_classes = 256;
  static_assert(trees_together * max_classes <= 1 << 16, "a node has 16 bits for a leaf's tag");

  std::vector<std::uint8_t> class_of;  ///< [leaf of the forest]
  std::size_t class_count = 0;
  std::size_t counted_last = 0;  ///< the class that gets all votes that no other class has: its leaves need
                                 ///< not count
};

/// Divides a forest into sets of consecutive trees within the limits of codes and nodes, most often one, and
/// these into bundles. The result refers to nothing of the forest.
///
/// \param pure  Null where leaves are not pure: each bundle is one tree then, and all leaves count.
/// \pre validate() passes for the forest.
std::vector<CodedTrees> code_trees(const Forest& forest, const PureLeaves* pure);

/// A quick test by counts alone: true only where code_trees gives a single set of coded trees, but false also
/// for some forests of which it does.
/// \pre validate() passes for the forest.
bool is_surely_coded_as_one(const Forest& forest);

}  // namespace cleft::forest
