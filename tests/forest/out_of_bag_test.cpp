#include "forest/out_of_bag.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/stopped.hpp"
#include "forest/train/grow_tree.hpp"
#include "forest/training_summary.hpp"
#include "support/synthetic_samples.hpp"

namespace cleft {
namespace {

std::int32_t leaf_of(const Forest& tree, const Samples& samples, std::size_t sample) {
  std::int32_t at = tree.roots[0];
  while (at >= 0) {
    const auto n = static_cast<std::size_t>(at);
    const float value = samples.channel(tree.channel[n])[sample];
    at = static_cast<double>(value) < tree.threshold[n] ? tree.left[n] : tree.right[n];
  }
  return at;
}

int answer(const Forest& tree, const Samples& samples, std::size_t sample) {
  const float* f = tree.fractions(leaf_of(tree, samples, sample));
  return static_cast<int>(std::max_element(f, f + tree.class_count) - f);
}

int right_answers(const Forest& tree, const Samples& samples, const std::vector<std::size_t>& outside) {
  int right = 0;
  for (const std::size_t s : outside) right += answer(tree, samples, s) == samples.labels[s] ? 1 : 0;
  return right;
}

struct Grown {
  Samples samples = test::synthetic_samples(200, 5, 9, 12);
  Random random{4};
  std::vector<std::uint32_t> draws = forest::draw_bag(samples, ClassBalance::none, random);
  Forest tree = forest::grow_tree(samples, forest::RankedChannels(samples, 1), draws, 3, random);
  std::vector<std::size_t> outside = [this] {
    std::vector<std::size_t> found;
    for (std::size_t s = 0; s < draws.size(); ++s)
      if (draws[s] == 0) found.push_back(s);
    return found;
  }();
};

TEST(OutOfBag, VotesAreTheLeafFractionsOfUndrawnSamplesInFixedPoint) {
  Grown g;
  OutOfBag sums(g.samples);
  add_tree(sums, g.tree, g.samples, g.draws, g.random);
  EXPECT_EQ(sums.answers, static_cast<std::int64_t>(g.outside.size()));
  for (std::size_t s = 0; s < g.samples.count(); ++s) {
    for (std::size_t c = 0; c < 3; ++c) {
      const float fraction = g.draws[s] == 0 ? g.tree.fractions(leaf_of(g.tree, g.samples, s))[c] : 0.0F;
      EXPECT_EQ(sums.votes[s * 3 + c],
                static_cast<std::int64_t>(static_cast<double>(fraction) * 0x1p32 + 0.5));
    }
  }
}

TEST(OutOfBag, RightAnswersLostEqualThoseOfRebuiltPermutedSamples) {
  Grown g;
  Random same = g.random;
  OutOfBag sums(g.samples);
  add_tree(sums, g.tree, g.samples, g.draws, g.random);
  std::vector<std::size_t> permuted = g.outside;  // the permutations, drawn again
  for (std::size_t c = 0; c < 5; ++c) {
    const bool tested = std::find(g.tree.channel.begin(), g.tree.channel.end(),
                                  static_cast<std::int32_t>(c)) != g.tree.channel.end();
    ASSERT_TRUE(tested);
    for (std::size_t i = permuted.size(); i > 1; --i)
      std::swap(permuted[i - 1], permuted[same.below(static_cast<std::uint32_t>(i))]);
    Samples changed = g.samples;
    for (std::size_t i = 0; i < g.outside.size(); ++i)
      changed.values[c * 200 + g.outside[i]] = g.samples.values[c * 200 + permuted[i]];
    EXPECT_EQ(sums.right_answers_lost[c],
              right_answers(g.tree, g.samples, g.outside) - right_answers(g.tree, changed, g.outside))
        << "channel " << c;
  }
}

TEST(OutOfBag, AddsNothingMoreWhenAStopWasRequested) {
  Grown g;
  OutOfBag sums(g.samples);
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(add_tree(sums, g.tree, g.samples, g.draws, g.random, source.get_token()), Stopped);
  EXPECT_EQ(sums.answers, 0);
}

TEST(TrainingSummary, CountsConfusionAndSamplesNeverOutOfBag) {
  const Samples samples{
      .channel_count = 2, .class_count = 2, .values = std::vector<float>(8), .labels = {0, 0, 1, 1}};
  OutOfBag sums(samples);
  sums.votes = {5, 1, 2, 3, 0, 0, 4, 4};  // right, wrong, never out of bag, a tie that class 0 gets
  sums.right_answers_lost = {2, -1};
  sums.answers = 8;
  const TrainingSummary summary = summarise(samples, sums);
  EXPECT_THAT(summary.label_counts, testing::ElementsAre(2, 2));
  EXPECT_THAT(summary.confusion, testing::ElementsAre(1, 1, 1, 0));
  EXPECT_EQ(summary.never_out_of_bag, 1);
  EXPECT_EQ(summary.judged(), 3);
  EXPECT_DOUBLE_EQ(summary.out_of_bag_error(), 2.0 / 3);
  EXPECT_THAT(summary.importance, testing::ElementsAre(0.25, -0.125));
}

TEST(TrainingSummary, OfNothingJudgedHasNoError) {
  const Samples samples{.channel_count = 1, .class_count = 2, .values = {0}, .labels = {1}};
  const TrainingSummary summary = summarise(samples, OutOfBag(samples));
  EXPECT_EQ(summary.never_out_of_bag, 1);
  EXPECT_EQ(summary.out_of_bag_error(), 0);
  EXPECT_THAT(summary.importance, testing::ElementsAre(0.0));
}

}  // namespace
}  // namespace cleft
