// Sets of voxels on their way through trees: shown on one node, and compared with walks of single voxels.
#include "forest/predict/lane_masks.hpp"

#include <map>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "forest/every_target.hpp"
#include "forest/predict/packed_forest.hpp"
#include "forest/random_forest.hpp"

namespace cleft::forest {
namespace {

using Addressing = LaneMasks::Addressing;
using testing::ElementsAre;

constexpr std::size_t lanes = LaneMasks::lanes;
constexpr std::uint8_t two_leaves =
    PackedNode::left_is_leaf | PackedNode::right_is_leaf | PackedNode::left_counts | PackedNode::right_counts;

/// Codes for any number of words, in the order that LaneMasks wants.
struct Codes {
  Codes(std::size_t words, std::size_t of_channels) : channels(of_channels) {
    const std::size_t sets = (words + words_together - 1) / words_together;
    values = hwy::AllocateAligned<std::int16_t>(sets * channels * words_together * lanes + 1);
    std::fill_n(values.get(), sets * channels * words_together * lanes + 1, std::int16_t{0});
  }
  std::int16_t& at(std::size_t channel, std::size_t word, std::size_t lane) const {
    const std::size_t set = word / words_together, within = word % words_together;
    return values[((set * channels + channel) * words_together + within) * lanes + lane];
  }

  std::size_t channels;
  hwy::AlignedFreeUniquePtr<std::int16_t[]> values;
};

/// One node with code 9, and a word whose lane i has code i: lanes 0 to 9 go left, to leaf 0, and the others
/// right, to leaf 1.
TEST(LaneMasks, DivideAWordByItsLanesCodes) {
  const std::vector<PackedNode> nodes{{9, 0, two_leaves, 0U | 1U << 16U}};
  const std::vector<PackedRoot> roots{{0, false, false}};
  const Codes codes(1, 1);
  for (std::size_t lane = 0; lane < lanes; ++lane) codes.at(0, 0, lane) = static_cast<std::int16_t>(lane);
  for (const Addressing addressing : {Addressing::by_word, Addressing::by_voxel})
    test::on_every_target([&] {
      LaneMasks walks(1, 1, addressing);
      walks.walk(nodes, roots, codes.values.get(), 1, std::vector<std::uint64_t>{~std::uint64_t{0}});
      EXPECT_THAT(walks.arrival_masks(), ElementsAre(0x3ffU, ~std::uint64_t{0x3ff}));
      EXPECT_THAT(walks.arrival_addresses(), ElementsAre(0U << 8U, 1U << 8U)) << "leaf, then word 0";
    });
}

TEST(LaneMasks, SendOnlyLiveVoxelsAndNoteNoArrivalWhereNoneIs) {
  const std::vector<PackedNode> nodes{{9, 0, two_leaves, 0U | 1U << 16U}};
  const std::vector<PackedRoot> roots{{0, false, false}};
  const Codes codes(1, 1);  // all go left
  LaneMasks walks(1, 1, Addressing::by_word);
  walks.walk(nodes, roots, codes.values.get(), 1, std::vector<std::uint64_t>{0xf0});
  EXPECT_THAT(walks.arrival_masks(), ElementsAre(0xf0U));
  walks.walk(nodes, roots, codes.values.get(), 1, std::vector<std::uint64_t>{0});
  EXPECT_TRUE(walks.arrival_masks().empty());
}

TEST(LaneMasks, NoteTreesOfOneLeafAtOnceAndLeavesThatDoNotCountNever) {
  const std::vector<PackedRoot> roots{{5, true, true}, {6, true, false}};
  const Codes codes(2, 1);
  LaneMasks walks(2, 2, Addressing::by_voxel);
  walks.walk({}, roots, codes.values.get(), 1, std::vector<std::uint64_t>{1, 2});
  EXPECT_THAT(walks.arrival_masks(), ElementsAre(1U, 2U));
  EXPECT_THAT(walks.arrival_addresses(), ElementsAre(5U << 8U, 5U << 8U | 64U)) << "leaf, then first voxel";
}

/// [tag, word] voxels
using Arrivals = std::map<std::pair<std::uint32_t, std::size_t>, std::uint64_t>;

Arrivals arrivals_of(const LaneMasks& walks, Addressing addressing) {
  const std::size_t step = addressing == Addressing::by_voxel ? lanes : 1;
  Arrivals arrivals;
  for (std::size_t i = 0; i < walks.arrival_masks().size(); ++i) {
    const std::uint32_t address = walks.arrival_addresses()[i];
    arrivals[{address >> 8U, (address & 0xffU) / step}] |= walks.arrival_masks()[i];
  }
  for (const std::uint32_t address : walks.lone_arrivals())
    arrivals[{address >> 8U, (address & 0xffU) / lanes}] |= std::uint64_t{1} << (address & 0x3fU);
  return arrivals;
}

/// The tag of the leaf that one voxel comes to, and whether the leaf counts.
std::pair<std::uint32_t, bool> plain_walk(std::span<const PackedNode> nodes, const PackedRoot& root,
                                          const Codes& codes, std::size_t word, std::size_t lane) {
  if (root.is_leaf) return {root.place, root.counts};
  for (std::size_t at = root.place;;) {
    const PackedNode& node = nodes[at];
    const bool right = codes.at(node.channel, word, lane) > node.code;
    const int kinds = right ? node.kinds >> 1 : node.kinds;
    if ((kinds & PackedNode::left_is_leaf) != 0)
      return {right ? node.other >> 16U : node.other & 0xffffU, (kinds & PackedNode::left_counts) != 0};
    at += right && (node.kinds & PackedNode::left_is_leaf) == 0 ? node.other : 1;
  }
}

/// All bundles of a forest on random codes, against single voxels.
void expect_plain_walks(const Forest& forest, std::size_t words, std::uint64_t seed) {
  const PackedForest packed(forest);
  ASSERT_EQ(packed.coded.size(), 1U);
  const CodedTrees& trees = packed.coded.front();
  const Addressing addressing = packed.pure ? Addressing::by_voxel : Addressing::by_word;
  Random random(seed);
  const Codes codes(words, trees.channels.size());
  std::vector<std::uint64_t> live(words);
  for (std::size_t word = 0; word < words; ++word) {
    live[word] = random.bits() | random.bits();
    for (std::size_t c = 0; c < trees.channels.size(); ++c)
      for (std::size_t lane = 0; lane < lanes; ++lane)
        codes.at(c, word, lane) = static_cast<std::int16_t>(
            ThresholdCodes::min_code +
            static_cast<int>(random.below(static_cast<std::uint32_t>(trees.codes[c].threshold_count() + 1))));
  }
  LaneMasks walks(words, packed.pure ? std::size_t{trees_together} : 1, addressing);
  for (const TreeBundle& bundle : trees.bundles) {
    const auto nodes = std::span(trees.nodes).subspan(bundle.first_node, bundle.node_count);
    Arrivals expected;
    for (const PackedRoot& root : bundle.roots)
      for (std::size_t word = 0; word < words; ++word)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
          if ((live[word] >> lane & 1U) == 0) continue;
          const auto [tag, counts] = plain_walk(nodes, root, codes, word, lane);
          if (counts) expected[{tag, word}] |= std::uint64_t{1} << lane;
        }
    test::on_every_target([&] {
      walks.walk(nodes, bundle.roots, codes.values.get(), trees.channels.size(), live);
      EXPECT_EQ(arrivals_of(walks, addressing), expected) << "trees from " << bundle.first_tree;
    });
  }
}

TEST(LaneMasks, SendEveryVoxelWhereItWouldWalkAlone) {
  for (const bool votes : {false, true}) {
    const test::Kind kind{.name = "", .trees = 20, .votes = votes, .sub_forest_ends = {}};
    for (const std::size_t words : {1U, 3U, 4U})
      expect_plain_walks(test::random_forest(kind, 3), words, words);
  }
}

/// So many words and nodes that the queue is moved back to its beginning many times.
TEST(LaneMasks, GoOnWhereTheQueueIsMovedBackToItsBeginning) {
  const test::Kind kind{
      .name = "", .trees = 2, .nodes = 3000, .votes = false, .levels = 0, .sub_forest_ends = {}};
  expect_plain_walks(test::random_forest(kind, 4), LaneMasks::max_words, 5);
}

/// Nodes that do not stay in the cache are fetched ahead, and voxels that are alone at a node walked apart.
TEST(LaneMasks, GoThroughBundlesOfManyNodesLikewise) {
  const test::Kind kind{.name = "", .trees = 16, .nodes = 6000, .levels = 0, .sub_forest_ends = {}};
  const Forest forest = test::random_forest(kind, 6);
  ASSERT_GT(forest.node_count(), nodes_near);
  expect_plain_walks(forest, words_together, 7);
}

}  // namespace
}  // namespace cleft::forest
