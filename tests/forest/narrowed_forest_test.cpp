// Narrowed forests against the reference's answer from the whole one, bit by bit.
#include "forest/narrowed_forest.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "forest/every_target.hpp"
#include "forest/predict/forest_voter.hpp"
#include "forest/predict/packed_forest.hpp"
#include "forest/random_forest.hpp"
#include "forest/train/train.hpp"
#include "support/synthetic_samples.hpp"

namespace cleft {
namespace {

using test::Kind;
using testing::ElementsAre;

using Channels = std::vector<Array3<float>>;
using Bits = std::vector<std::vector<std::uint32_t>>;

/// [class] what the reference gives, as bits.
Bits by_reference(const Forest& forest, const Channels& channels, const std::vector<std::size_t>& classes) {
  std::vector<Array3<float>> probabilities;
  std::vector<const float*> in;
  std::vector<float*> out;
  for (const auto& channel : channels) in.push_back(channel.data());
  for (int c = 0; c < forest.class_count; ++c) probabilities.emplace_back(channels.front().extent());
  for (auto& probability : probabilities) out.push_back(probability.data());
  vote_reference(forest, in, static_cast<std::size_t>(channels.front().size()), out);
  Bits bits;
  for (const std::size_t c : classes) {
    bits.emplace_back();
    for (const float p : probabilities[c].voxels()) bits.back().push_back(std::bit_cast<std::uint32_t>(p));
  }
  return bits;
}

Bits by_voter(const ForestVoter& voter, const Forest& forest, const Channels& channels,
              const std::vector<std::size_t>& classes) {
  std::vector<Array3<float>> probabilities;
  std::vector<View3<const float>> in;
  for (const auto& channel : channels) in.push_back(channel.view());
  for (std::size_t i = 0; i < classes.size(); ++i)
    probabilities.emplace_back(channels.front().extent()).fill(-1);
  std::vector<View3<float>> out(static_cast<std::size_t>(forest.class_count));
  for (std::size_t i = 0; i < classes.size(); ++i) out[classes[i]] = probabilities[i].view();
  voter.vote(in, out, Alike::volume);
  Bits bits;
  for (const auto& probability : probabilities) {
    bits.emplace_back();
    for (const float p : probability.voxels()) bits.back().push_back(std::bit_cast<std::uint32_t>(p));
  }
  return bits;
}

/// \returns The narrowed forest.
Forest expect_same(const Forest& whole, const Channels& channels, const std::vector<std::size_t>& classes) {
  Forest narrowed = narrowed_to(whole, classes);
  EXPECT_NO_THROW(validate(narrowed, "narrowed"));
  EXPECT_EQ(narrowed.channel_count, whole.channel_count);
  EXPECT_EQ(narrowed.class_count, whole.class_count);
  EXPECT_EQ(narrowed.tree_count(), whole.tree_count());
  EXPECT_EQ(narrowed.sub_forest_ends, whole.sub_forest_ends);
  EXPECT_EQ(narrowed.leaf_weights.empty(), whole.leaf_weights.empty());
  const Bits expected = by_reference(whole, channels, classes);
  EXPECT_TRUE(by_reference(narrowed, channels, classes) == expected) << "by reference";
  const ForestVoter voter(narrowed);
  test::on_every_target(
      [&] { EXPECT_TRUE(by_voter(voter, narrowed, channels, classes) == expected) << "by voter"; });
  return narrowed;
}

class EveryKindNarrowed : public testing::TestWithParam<Kind> {};

TEST_P(EveryKindNarrowed, GivesTheBitsOfTheWholeForest) {
  const Kind& kind = GetParam();
  const Forest whole = test::random_forest(kind, 3);
  const Channels channels = test::random_channels(kind, {3, 7, 66}, 11);
  const auto last = static_cast<std::size_t>(kind.classes) - 1;
  for (const std::size_t asked : {std::size_t{0}, last})
    EXPECT_LE(expect_same(whole, channels, {asked}).node_count(), whole.node_count());
  if (kind.classes > 2) expect_same(whole, channels, {0, last});
}

INSTANTIATE_TEST_SUITE_P(NarrowedForest, EveryKindNarrowed, testing::ValuesIn(test::every_kind()),
                         [](const auto& instance) { return instance.param.name; });

/// Node 0 on channel 0; to its left node 1 on channel 1 with two leaves, to its right a third.
Forest three_leaves(std::vector<float> fractions) {
  Forest f;
  f.channel_count = 2;
  f.class_count = 3;
  f.roots = {0};
  f.channel = {0, 1};
  f.threshold = {0.5, 0.25};
  f.left = {1, ~0};
  f.right = {~2, ~1};
  f.leaf_fractions = std::move(fractions);
  validate(f, "three leaves");
  return f;
}

const std::vector<std::size_t> last_class{2};

TEST(NarrowedForest, DropsANodeThatTellsOnlyOtherClassesApart) {
  const Forest narrowed = narrowed_to(three_leaves({1, 0, 0, 0, 1, 0, 0, 0, 1}), last_class);
  EXPECT_THAT(narrowed.channel, ElementsAre(0));
  EXPECT_THAT(narrowed.threshold, ElementsAre(0.5));
  EXPECT_THAT(narrowed.left, ElementsAre(~0));
  EXPECT_THAT(narrowed.right, ElementsAre(~1));
  EXPECT_THAT(narrowed.leaf_fractions, ElementsAre(1, 0, 0, 0, 0, 1));
}

TEST(NarrowedForest, KeepsANodeWhoseLeavesDifferInWhatIsAskedOrInWeight) {
  const Forest differing = three_leaves({0.5F, 0, 0.5F, 0, 0.75F, 0.25F, 0, 0, 1});
  EXPECT_EQ(narrowed_to(differing, last_class).node_count(), 2U);
  EXPECT_EQ(narrowed_to(differing, std::vector<std::size_t>{1}).node_count(), 2U);
  Forest weighted = three_leaves({1, 0, 0, 0, 1, 0, 0, 0, 1});
  weighted.leaf_weights = {2, 1, 1};
  EXPECT_EQ(narrowed_to(weighted, last_class).node_count(), 2U);
  weighted.leaf_weights = {2, 2, 1};
  const Forest narrowed = narrowed_to(weighted, last_class);
  EXPECT_THAT(narrowed.leaf_weights, ElementsAre(2, 1));
  EXPECT_THAT(narrowed.leaf_fractions, ElementsAre(2, 0, 0, 0, 0, 1));
}

TEST(NarrowedForest, MakesOneLeafOfATreeThatHasNothingToSay) {
  const Forest narrowed = narrowed_to(three_leaves({1, 0, 0, 0, 1, 0, 0.5F, 0.5F, 0}), last_class);
  EXPECT_THAT(narrowed.roots, ElementsAre(~0));
  EXPECT_EQ(narrowed.node_count(), 0U);
  EXPECT_EQ(narrowed.leaf_count(), 1U);
}

TEST(NarrowedForest, OfAllClassesJoinsOnlyLeavesThatAreEqual) {
  const std::vector<std::size_t> all{0, 1, 2};
  EXPECT_EQ(narrowed_to(three_leaves({1, 0, 0, 0, 1, 0, 0, 0, 1}), all).node_count(), 2U);
  EXPECT_EQ(narrowed_to(three_leaves({0, 1, 0, 0, 1, 0, 0, 0, 1}), all).node_count(), 1U);
}

/// A leaf that is divided among other classes alone gives all or nothing of what is asked.
TEST(NarrowedForest, VotesWithPureLeavesWhereOnlyOtherClassesShareALeaf) {
  const Forest whole = three_leaves({0.5F, 0.5F, 0, 0, 0, 1, 0.25F, 0.75F, 0});
  EXPECT_FALSE(forest::PackedForest(whole).pure);
  const forest::PackedForest packed(narrowed_to(whole, last_class));
  EXPECT_TRUE(packed.pure);
  EXPECT_THAT(packed.classes, ElementsAre(0, 2));
}

/// The whole forest's definition: NaN in any channel, asked for or not.
TEST(NarrowedForest, GivesZeroWhereAChannelThatNoNodeAsksForAnyMoreIsNotANumber) {
  const Forest whole = three_leaves({1, 0, 0, 0, 1, 0, 0, 0, 1});
  Channels channels;
  for (int c = 0; c < 2; ++c) channels.emplace_back(Extent{1, 1, 3}).fill(1);
  channels[1](0, 0, 1) = test::nan;
  expect_same(whole, channels, last_class);
  const Forest narrowed = narrowed_to(whole, last_class);
  const float one = 1;
  EXPECT_THAT(by_voter(ForestVoter(narrowed), narrowed, channels, last_class).front(),
              ElementsAre(std::bit_cast<std::uint32_t>(one), 0, std::bit_cast<std::uint32_t>(one)));
}

TEST(NarrowedForest, OfMoreThresholdsThanCodesTellApartMayNeedFewer) {
  const Kind kind{.name = "", .trees = 1, .nodes = 5000, .channels = 1, .levels = 0, .sub_forest_ends = {}};
  Forest whole = test::random_forest(kind, 1);
  for (std::uint64_t seed = 2; whole.node_count() < 70000; ++seed)
    append(whole, test::random_forest(kind, seed));
  ASSERT_FALSE(ForestVoter(whole).codes_suffice());
  const Forest narrowed = expect_same(whole, test::random_channels(kind, {1, 9, 40}, 6), {1});
  EXPECT_TRUE(ForestVoter(narrowed).codes_suffice());
}

/// Neighbouring leaves of these trees differ in either class: nothing can be joined.
TEST(NarrowedForest, KeepsTreesThatAreTooLargeForCodes) {
  constexpr int leaves = 1 << 17;
  const Kind kind{.name = "", .channels = 1, .levels = leaves, .sub_forest_ends = {}};
  for (const bool votes : {true, false}) {
    const Forest whole = test::large_tree(leaves, votes);
    const Forest narrowed = expect_same(whole, test::random_channels(kind, {2, 5, 90}, 9), {1});
    EXPECT_EQ(narrowed.node_count(), whole.node_count());
  }
}

/// Forests as cleft trains them, to purity and not.
TEST(NarrowedForest, OfATrainedForestIsSmaller) {
  const Samples samples = test::synthetic_samples(2000, 6, 1);
  Channels channels;
  const Samples voxels = test::synthetic_samples(3000, 6, 2);
  for (int c = 0; c < 6; ++c) {
    channels.emplace_back(Extent{1, 30, 100});
    std::ranges::copy(voxels.channel(c), channels.back().data());
  }
  for (const int min_leaf : {1, 2, 10})
    for (const std::size_t asked : {0U, 1U, 2U}) {
      const Forest whole = train_trees(samples, {.trees = 20, .min_leaf = min_leaf}, 0, 20, 1).forest;
      EXPECT_LT(expect_same(whole, channels, {asked}).node_count(), whole.node_count());
    }
}

}  // namespace
}  // namespace cleft
