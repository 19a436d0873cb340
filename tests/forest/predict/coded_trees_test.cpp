// How trees are packed: shown on one small forest, and compared with walks over the forest itself.
#include "forest/predict/coded_trees.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "forest/predict/packed_forest.hpp"
#include "forest/random_forest.hpp"

namespace cleft::forest {
namespace {

using test::Kind;
using test::random_forest;
using testing::ElementsAre;

constexpr int lowest = ThresholdCodes::min_code;  // the rank of a channel's first threshold

/// A tree over channels 2 and 5 of six, beside a tree that is one leaf:
///
///     node 0: channel 5 < 1.5
///       node 1: channel 2 < 7       leaf 2
///         leaf 0    leaf 1
Forest small_forest() {
  Forest f;
  f.channel_count = 6;
  f.class_count = 2;
  f.roots = {0, ~3};
  f.channel = {5, 2};
  f.threshold = {1.5, 7};
  f.left = {1, ~0};
  f.right = {~2, ~1};
  f.leaf_fractions = {1, 0, 0, 1, 1, 0, 0, 1};  // of class 0, 1, 0, 1
  validate(f, "small");
  return f;
}

TEST(CodedTrees, OfLeavesThatAreNotPureAreOneBundlePerTreeWithLeafNumbersAsTags) {
  const auto all = code_trees(small_forest(), nullptr);
  ASSERT_EQ(all.size(), 1U);
  const CodedTrees& trees = all.front();
  EXPECT_TRUE(trees.coded);
  EXPECT_THAT(trees.channels, ElementsAre(2, 5)) << "only those that are asked for";
  ASSERT_EQ(trees.codes.size(), 2U);
  EXPECT_THAT(trees.leaves, ElementsAre(0, 1, 2, 3));

  ASSERT_EQ(trees.bundles.size(), 2U);
  EXPECT_EQ(trees.bundles[0].node_count, 2U);
  EXPECT_FALSE(trees.bundles[0].roots.front().is_leaf);
  EXPECT_EQ(trees.bundles[1].first_leaf, 3U);
  EXPECT_TRUE(trees.bundles[1].roots.front().is_leaf);
  EXPECT_EQ(trees.bundles[1].roots.front().place, 0U) << "leaf 0 of its tree";

  ASSERT_EQ(trees.nodes.size(), 2U);
  const PackedNode& root = trees.nodes[0];
  EXPECT_EQ(root.code, lowest);
  EXPECT_EQ(root.channel, 1) << "channel 5 is the second of those asked for";
  EXPECT_EQ(root.kinds, PackedNode::right_is_leaf | PackedNode::right_counts);
  EXPECT_EQ(root.other >> 16U, 2U) << "the right leaf's number; the left child is the next node";
  const PackedNode& child = trees.nodes[1];
  EXPECT_EQ(child.kinds, PackedNode::left_is_leaf | PackedNode::right_is_leaf | PackedNode::left_counts |
                             PackedNode::right_counts);
  EXPECT_EQ(child.other, 0U | 1U << 16U);
}

TEST(CodedTrees, OfPureLeavesAreOneBundleWithTreeAndClassAsTags) {
  const Forest forest = small_forest();
  const PureLeaves pure{.class_of = {0, 1, 0, 1}, .class_count = 2, .counted_last = 0};
  const CodedTrees trees = code_trees(forest, &pure).front();
  EXPECT_TRUE(trees.leaves.empty());
  ASSERT_EQ(trees.bundles.size(), 1U);
  ASSERT_EQ(trees.bundles[0].roots.size(), 2U);
  EXPECT_EQ(trees.nodes[0].kinds, PackedNode::right_is_leaf) << "leaves of class 0 need not count";
  EXPECT_EQ(trees.nodes[1].kinds,
            PackedNode::left_is_leaf | PackedNode::right_is_leaf | PackedNode::right_counts);
  EXPECT_EQ(trees.nodes[1].other >> 16U, 1U) << "tree 0 * 2 classes + class 1";
  EXPECT_TRUE(trees.bundles[0].roots[1].counts);
  EXPECT_EQ(trees.bundles[0].roots[1].place, 3U) << "tree 1 * 2 classes + class 1";
}

TEST(CodedTrees, FindTheRightOfTwoInnerChildrenByItsDistance) {
  Forest f = small_forest();  // node 0 gets two inner children, and all leaves belong to it
  f.roots = {0};
  f.channel = {5, 2, 2};
  f.threshold = {1.5, 7, 9};
  f.left = {1, ~0, ~2};
  f.right = {2, ~1, ~3};
  validate(f, "small");
  const CodedTrees trees = code_trees(f, nullptr).front();
  EXPECT_EQ(trees.nodes[0].kinds, 0);
  EXPECT_EQ(trees.nodes[0].other, 2U);
  EXPECT_EQ(trees.nodes[2].code, lowest + 1) << "the second threshold of channel 2";
}

TEST(CodedTrees, AreBundledByTreesTogetherButNotAcrossSubForests) {
  const Kind kind{.name = "", .trees = 40, .nodes = 5, .sub_forest_ends = {20, 40}};
  const Forest forest = random_forest(kind, 1);
  const PackedForest packed(forest);
  std::vector<int> ends;
  for (const TreeBundle& bundle : packed.coded.front().bundles) ends.push_back(bundle.end_tree);
  EXPECT_THAT(ends, ElementsAre(trees_together, 20, 20 + trees_together, 40));
}

/// The leaf that a voxel comes to: by the forest, and by packed nodes and codes. Of pure leaves only the tag.
std::int32_t leaf_of_forest(const Forest& f, std::size_t tree, const std::vector<float>& voxel) {
  std::int32_t at = f.roots[tree];
  while (at >= 0) {
    const auto n = static_cast<std::size_t>(at);
    const auto value = static_cast<double>(voxel[static_cast<std::size_t>(f.channel[n])]);
    at = value < f.threshold[n] ? f.left[n] : f.right[n];
  }
  return ~at;
}

std::uint32_t tag_by_packed_nodes(const CodedTrees& trees, const TreeBundle& bundle, const PackedRoot& root,
                                  const std::vector<float>& voxel) {
  if (root.is_leaf) return root.place;
  for (std::size_t at = bundle.first_node + root.place;;) {
    const PackedNode& node = trees.nodes[at];
    const float value = voxel[static_cast<std::size_t>(trees.channels[node.channel])];
    std::int16_t code = 0;
    trees.codes[node.channel].encode({&value, 1}, {&code, 1});
    const bool right = code > node.code;
    if ((node.kinds & (right ? PackedNode::right_is_leaf : PackedNode::left_is_leaf)) != 0)
      return right ? node.other >> 16U : node.other & 0xffffU;
    const bool jumps = right && (node.kinds & PackedNode::left_is_leaf) == 0;
    at += jumps ? node.other : 1;
  }
}

TEST(CodedTrees, LeadEachVoxelToTheForestsLeaf) {
  for (const bool votes : {false, true}) {
    const Kind kind{.name = "", .trees = 20, .votes = votes, .doubles = true, .sub_forest_ends = {}};
    const Forest forest = random_forest(kind, 7);
    const PackedForest packed(forest);
    ASSERT_EQ(packed.pure.has_value(), votes);
    const CodedTrees& trees = packed.coded.front();
    const auto channels = test::random_channels(kind, {1, 1, 200}, 8);
    for (std::int64_t x = 0; x < 200; ++x) {
      std::vector<float> voxel;
      for (const auto& channel : channels)
        voxel.push_back(std::isnan(channel(0, 0, x)) ? 0 : channel(0, 0, x));
      for (const TreeBundle& bundle : trees.bundles)
        for (std::size_t t = 0; t < bundle.roots.size(); ++t) {
          const auto leaf = leaf_of_forest(forest, static_cast<std::size_t>(bundle.first_tree) + t, voxel);
          const std::uint32_t tag = tag_by_packed_nodes(trees, bundle, bundle.roots[t], voxel);
          if (votes)
            ASSERT_EQ(tag, t * 3 + packed.pure->class_of[static_cast<std::size_t>(leaf)]);
          else
            ASSERT_EQ(trees.leaves[bundle.first_leaf + tag], leaf);
        }
    }
  }
}

TEST(CodedTrees, LeaveATreePlainThatIsTooLargeForCodes) {
  constexpr int leaves = 1 << 17;
  Forest forest = small_forest();
  forest.channel_count = 6;
  append(forest, [&] {
    Forest large = test::large_tree(leaves, true);
    large.channel_count = 6;
    return large;
  }());
  const auto all = code_trees(forest, nullptr);
  EXPECT_TRUE(all.front().coded);
  const CodedTrees& large = all.back();
  EXPECT_FALSE(large.coded);
  EXPECT_EQ(large.first_tree, 2);
  ASSERT_EQ(large.leaves.size(), std::size_t{leaves});
  for (const float value : {0.0F, 1.0F, 70000.5F, 131071.0F}) {
    const PlainTree& tree = large.plain;
    std::int32_t at = tree.root;
    while (at >= 0) {
      const auto n = static_cast<std::size_t>(at);
      at = static_cast<double>(value) < tree.threshold[n] ? tree.left[n] : tree.right[n];
    }
    const auto leaf = static_cast<std::size_t>(~at);
    EXPECT_EQ(large.leaves[leaf], leaf_of_forest(forest, 2, std::vector<float>(6, value)));
  }
  EXPECT_FALSE(is_surely_coded_as_one(forest));
  EXPECT_TRUE(is_surely_coded_as_one(small_forest()));
}

}  // namespace
}  // namespace cleft::forest
