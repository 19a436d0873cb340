// What must not change a tree, and what must change it in a known way: properties of CART that hold whatever
// the samples are.
#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "forest/predict/forest_voter.hpp"
#include "forest/train/grow_tree.hpp"
#include "forest/train/train.hpp"
#include "support/synthetic_samples.hpp"

namespace cleft {
namespace {

using forest::RankedChannels;

constexpr std::uint64_t seed = 5;

Forest grown(const Samples& samples, const std::vector<std::uint32_t>& draws, int min_leaf = 1) {
  const RankedChannels ranked(samples, 1);
  Random random(seed);
  return forest::grow_tree(samples, ranked, draws, min_leaf, random);
}

std::vector<std::uint32_t> each_once(const Samples& samples) {
  return std::vector<std::uint32_t>(samples.count(), 1);
}

/// Two trees that ask for the same channels in the same places and end in the same leaves.
void expect_same_shape(const Forest& a, const Forest& b) {
  EXPECT_EQ(a.roots, b.roots);
  EXPECT_EQ(a.channel, b.channel);
  EXPECT_EQ(a.left, b.left);
  EXPECT_EQ(a.right, b.right);
  EXPECT_EQ(a.leaf_fractions, b.leaf_fractions);
}

/// [class][sample] what a forest makes of samples.
std::vector<std::vector<float>> answers(const Forest& forest, const Samples& samples) {
  std::vector<std::vector<float>> result(static_cast<std::size_t>(forest.class_count),
                                         std::vector<float>(samples.count()));
  std::vector<const float*> channels;
  std::vector<float*> out;
  for (int c = 0; c < samples.channel_count; ++c) channels.push_back(samples.channel(c).data());
  for (auto& plane : result) out.push_back(plane.data());
  ForestVoter(forest).vote(channels, samples.count(), out);
  return result;
}

TEST(GrowTree, TakesASampleDrawnOftenForAsManySamples) {
  const Samples samples = test::synthetic_samples(120, 4, 1);
  std::vector<std::uint32_t> draws;
  for (std::size_t s = 0; s < samples.count(); ++s) draws.push_back(static_cast<std::uint32_t>(s * 7 % 4));
  Samples copies{.channel_count = 4, .class_count = 3, .values = {}, .labels = {}};
  for (std::size_t s = 0; s < samples.count(); ++s)
    copies.labels.insert(copies.labels.end(), draws[s], samples.labels[s]);
  for (int c = 0; c < 4; ++c)
    for (std::size_t s = 0; s < samples.count(); ++s)
      copies.values.insert(copies.values.end(), draws[s], samples.channel(c)[s]);
  for (const int min_leaf : {1, 3, 10})
    EXPECT_EQ(grown(samples, draws, min_leaf), grown(copies, each_once(copies), min_leaf)) << min_leaf;
}

TEST(GrowTree, DoesNotLookAtSamplesThatWereNotDrawn) {
  Samples samples = test::synthetic_samples(100, 3, 2);
  std::vector<std::uint32_t> draws = each_once(samples);
  for (std::size_t s = 0; s < 100; s += 3) draws[s] = 0;
  const Forest tree = grown(samples, draws);
  for (std::size_t s = 0; s < 100; s += 3) {
    samples.labels[s] = static_cast<std::uint8_t>((samples.labels[s] + 1) % 3);
    for (std::size_t c = 0; c < 3; ++c) samples.values[c * 100 + s] = 1000;
  }
  EXPECT_EQ(grown(samples, draws), tree);
}

/// Splits depend on the order of values only.
TEST(GrowTree, HasTheSameShapeWhenValuesAreSpreadAnew) {
  const Samples samples = test::synthetic_samples(200, 4, 3, 60);
  Samples spread = samples;
  for (float& v : spread.values) v = v * v * v - 1000;  // whole numbers: none fall together
  const Forest tree = grown(samples, each_once(samples)), other = grown(spread, each_once(spread));
  EXPECT_GT(tree.node_count(), 10U);
  expect_same_shape(tree, other);
  EXPECT_EQ(answers(tree, samples), answers(other, spread));
}

TEST(GrowTree, ScalesItsThresholdsWithTheValues) {
  const Samples samples = test::synthetic_samples(200, 4, 4);
  Samples scaled = samples;
  for (float& v : scaled.values) v *= 8;
  Forest tree = grown(samples, each_once(samples));
  const Forest other = grown(scaled, each_once(scaled));
  expect_same_shape(tree, other);
  for (std::size_t n = 0; n < tree.node_count(); ++n)
    EXPECT_NEAR(other.threshold[n], 8 * tree.threshold[n], 1e-5) << n;
}

TEST(GrowTree, RenamesItsLeavesWithTheClasses) {
  const Samples samples = test::synthetic_samples(200, 4, 5);
  Samples renamed = samples;
  for (auto& label : renamed.labels) label = static_cast<std::uint8_t>((label + 1) % 3);
  const Forest tree = grown(samples, each_once(samples)), other = grown(renamed, each_once(renamed));
  EXPECT_EQ(tree.threshold, other.threshold);
  EXPECT_EQ(tree.channel, other.channel);
  ASSERT_EQ(tree.leaf_count(), other.leaf_count());
  for (std::size_t leaf = 0; leaf < tree.leaf_count(); ++leaf)
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_EQ(other.leaf_fractions[3 * leaf + (c + 1) % 3], tree.leaf_fractions[3 * leaf + c]);
}

TEST(GrowTree, KnowsByHeartWhatItMayLearnByHeart) {
  const Samples samples = test::synthetic_samples(300, 5, 6);  // no two alike
  const auto known = answers(grown(samples, each_once(samples)), samples);
  for (std::size_t s = 0; s < samples.count(); ++s)
    for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(known[c][s], samples.labels[s] == c ? 1.0F : 0.0F);
}

/// Samples that no channel tells apart end in one leaf with the shares of their classes.
TEST(GrowTree, LeavesTogetherWhatNothingTellsApart) {
  Samples samples{.channel_count = 2, .class_count = 3, .values = std::vector<float>(20, 4.0F), .labels = {}};
  samples.labels = {0, 0, 0, 0, 0, 1, 1, 1, 2, 2};
  const Forest tree = grown(samples, each_once(samples));
  EXPECT_EQ(tree.node_count(), 0U);
  EXPECT_EQ(tree.leaf_fractions, (std::vector<float>{0.5F, 0.3F, 0.2F}));
}

/// Neither channel alone says anything about the class: two levels of questions do.
TEST(GrowTree, LearnsWhatOnlyTwoChannelsTogetherTell) {
  Samples samples{.channel_count = 2, .class_count = 2, .values = {}, .labels = {}};
  constexpr int side = 12;
  std::vector<float> second;
  for (int a = 0; a < side; ++a)
    for (int b = 0; b < side; ++b) {
      samples.values.push_back(static_cast<float>(a));
      second.push_back(static_cast<float>(b));
      samples.labels.push_back((a < side / 2) != (b < side / 2) ? 1 : 0);
    }
  samples.values.insert(samples.values.end(), second.begin(), second.end());
  const auto known = answers(grown(samples, each_once(samples)), samples);
  for (std::size_t s = 0; s < samples.count(); ++s) EXPECT_EQ(known[1][s], samples.labels[s]);
}

/// A leaf's fractions are what the draws that walk to it are: weighted by the draws that reach each leaf they
/// add up to the classes of all draws.
TEST(TrainTrees, MeanAnswerOverTheDrawsIsTheShareOfEachClass) {
  const Samples samples = test::synthetic_samples(250, 4, 7);
  for (const int min_leaf : {1, 4, 20}) {
    std::vector<std::uint32_t> draws;
    for (std::size_t s = 0; s < samples.count(); ++s) draws.push_back(static_cast<std::uint32_t>(s % 3));
    const auto found = answers(grown(samples, draws, min_leaf), samples);
    for (std::size_t c = 0; c < 3; ++c) {
      double answered = 0, labelled = 0;
      for (std::size_t s = 0; s < samples.count(); ++s) {
        answered += draws[s] * static_cast<double>(found[c][s]);
        labelled += samples.labels[s] == c ? draws[s] : 0;
      }
      EXPECT_NEAR(answered, labelled, 1e-3) << "class " << c << ", min_leaf " << min_leaf;
    }
  }
}

/// The same seed and more trees: those that were there stay.
TEST(TrainTrees, OfALargerForestBeginWithThoseOfASmallerOne) {
  const Samples samples = test::synthetic_samples(150, 5, 8);
  const Forest small = train_trees(samples, {.trees = 3, .seed = 9}, 0, 3, 1).forest;
  const Forest large = train_trees(samples, {.trees = 8, .seed = 9}, 0, 8, 1).forest;
  ASSERT_LE(small.node_count(), large.node_count());
  EXPECT_TRUE(std::equal(small.roots.begin(), small.roots.end(), large.roots.begin()));
  EXPECT_TRUE(std::equal(small.threshold.begin(), small.threshold.end(), large.threshold.begin()));
  EXPECT_TRUE(
      std::equal(small.leaf_fractions.begin(), small.leaf_fractions.end(), large.leaf_fractions.begin()));
}

}  // namespace
}  // namespace cleft
