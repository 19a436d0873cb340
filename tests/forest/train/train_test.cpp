#include "forest/train/train.hpp"

#include <algorithm>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "base/stopped.hpp"
#include "forest/predict/forest_voter.hpp"
#include "forest/training_summary.hpp"
#include "support/synthetic_samples.hpp"

namespace cleft {
namespace {

bool same_sums(const OutOfBag& a, const OutOfBag& b) {
  return a.votes == b.votes && a.right_answers_lost == b.right_answers_lost && a.answers == b.answers;
}

TEST(TrainTrees, GivesTheSameForestForAnyDivisionAndThreads) {
  const Samples samples = test::synthetic_samples(300, 7, 1);
  const TrainOptions options{.trees = 11, .seed = 42};
  const TrainedTrees whole = train_trees(samples, options, 0, 11, 1);
  validate(whole.forest, "forest");
  EXPECT_EQ(whole.forest.tree_count(), 11);
  for (const int threads : {1, 2, 5}) {
    for (const int middle : {0, 1, 5, 11}) {
      TrainedTrees first = train_trees(samples, options, 0, middle, threads);
      const TrainedTrees second = train_trees(samples, options, middle, 11, threads);
      append(first.forest, second.forest);
      add(first.out_of_bag, second.out_of_bag);
      EXPECT_EQ(first.forest, whole.forest) << threads << " threads, cut at " << middle;
      EXPECT_TRUE(same_sums(first.out_of_bag, whole.out_of_bag)) << threads << ", " << middle;
    }
  }
}

TEST(TrainTrees, TreesDifferFromEachOtherAndWithTheSeed) {
  const Samples samples = test::synthetic_samples(300, 7, 1);
  const auto tree = [&](int t, std::uint64_t seed) {
    return train_trees(samples, {.seed = seed}, t, t + 1, 1).forest;
  };
  EXPECT_NE(tree(0, 1), tree(1, 1));
  EXPECT_NE(tree(0, 1), tree(0, 2));
}

TEST(TrainTrees, LearnsASyntheticProblemAndSaysHowWell) {
  const Samples samples = test::synthetic_samples(2000, 8, 1), unseen = test::synthetic_samples(2000, 8, 2);
  const TrainedTrees trained = train_trees(samples, {.trees = 40}, 0, 40, 1);
  std::vector<const float*> channels;
  for (int c = 0; c < 8; ++c) channels.push_back(unseen.channel(c).data());
  std::vector<std::vector<float>> probabilities(3, std::vector<float>(unseen.count()));
  vote_reference(
      trained.forest, channels, unseen.count(),
      std::vector<float*>{probabilities[0].data(), probabilities[1].data(), probabilities[2].data()});
  std::size_t wrong = 0;
  for (std::size_t v = 0; v < unseen.count(); ++v) {
    const float own = probabilities[unseen.labels[v]][v];
    for (const auto& p : probabilities) wrong += p[v] > own ? 1U : 0U;
  }
  const double error = static_cast<double>(wrong) / 2000;
  const TrainingSummary summary = summarise(samples, trained.out_of_bag);
  EXPECT_LT(error, 0.08);
  EXPECT_NEAR(summary.out_of_bag_error(), error, 0.03);
  EXPECT_GT(summary.importance[0], 0.1);
  EXPECT_GT(summary.importance[1], 0.1);
  for (std::size_t c = 2; c < 8; ++c) EXPECT_NEAR(summary.importance[c], 0, 0.03) << "noise channel " << c;
}

/// Overlapping classes of which one is rare: 30 of 600 samples.
Samples with_a_rare_class(std::uint64_t seed) {
  Samples samples{.channel_count = 2, .class_count = 2, .values = {}, .labels = {}};
  for (int s = 0; s < 600; ++s) samples.labels.push_back(s % 20 == 0 ? 1 : 0);
  Random random(seed);
  for (int c = 0; c < 2; ++c)
    for (const std::uint8_t label : samples.labels)
      samples.values.push_back(static_cast<float>(random.normal() + (label == 1 ? 1.5 : 0.0)));
  return samples;
}

TEST(TrainTrees, BalancedDrawsFindMoreOfARareClass) {
  const Samples samples = with_a_rare_class(3), unseen = with_a_rare_class(4);
  const auto found = [&](ClassBalance balance) {
    const TrainOptions options{.trees = 30, .class_balance = balance, .min_leaf = 5};
    const Forest forest = train_trees(samples, options, 0, 30, 1).forest;
    std::vector<float> common(600), rare(600);
    vote_reference(forest, std::vector<const float*>{unseen.channel(0).data(), unseen.channel(1).data()}, 600,
                   std::vector<float*>{common.data(), rare.data()});
    int count = 0;
    for (std::size_t s = 0; s < 600; s += 20) count += rare[s] > common[s] ? 1 : 0;
    return count;
  };
  EXPECT_GT(found(ClassBalance::balanced), found(ClassBalance::none) + 3);
}

TEST(TrainTrees, BalancedDrawsLeaveNothingOfARareClassOutOfBag) {
  const Samples samples = with_a_rare_class(3);
  const TrainOptions options{.trees = 10, .class_balance = ClassBalance::balanced};
  EXPECT_EQ(summarise(samples, train_trees(samples, options, 0, 10, 1).out_of_bag).never_out_of_bag, 30);
}

TEST(TrainTrees, GrowSmallerTreesWithALargerMinLeaf) {
  const Samples samples = test::synthetic_samples(400, 4, 6);
  std::size_t nodes = std::numeric_limits<std::size_t>::max();
  for (const int min_leaf : {1, 5, 50, 201}) {
    const Forest forest = train_trees(samples, {.trees = 5, .min_leaf = min_leaf}, 0, 5, 1).forest;
    EXPECT_LT(forest.node_count(), nodes) << "min_leaf " << min_leaf;
    nodes = forest.node_count();
  }
  EXPECT_EQ(nodes, 0U) << "400 draws cannot be divided into two leaves of 201";
}

TEST(TrainTrees, OfManyTreesNoSampleIsInEveryBag) {
  const Samples samples = test::synthetic_samples(200, 3, 2);
  EXPECT_EQ(summarise(samples, train_trees(samples, {.trees = 40}, 0, 40, 1).out_of_bag).never_out_of_bag, 0);
  const TrainingSummary of_one = summarise(samples, train_trees(samples, {.trees = 1}, 0, 1, 1).out_of_bag);
  EXPECT_GT(of_one.never_out_of_bag, 100);
  EXPECT_EQ(of_one.judged() + of_one.never_out_of_bag, 200);
}

TEST(TrainTrees, StopAfterTheTreeThatWasGrownWhenAStopWasRequested) {
  const Samples samples = test::synthetic_samples(100, 4, 1);
  for (const int threads : {1, 3}) {
    std::stop_source source;
    int grown = 0;
    EXPECT_THROW(train_trees(
                     samples, {.trees = 50}, 0, 50, threads,
                     [&] {
                       if (++grown == 5) source.request_stop();
                     },
                     source.get_token()),
                 Stopped);
    EXPECT_GE(grown, 5);
    EXPECT_LT(grown, 5 + threads) << "only those that were all but done";
  }
}

TEST(TrainTrees, GrowNoneWhenAStopWasRequestedBefore) {
  const Samples samples = test::synthetic_samples(100, 4, 1);
  std::stop_source source;
  source.request_stop();
  const auto never = [] { ADD_FAILURE() << "a tree was grown"; };
  EXPECT_THROW(train_trees(samples, {.trees = 5}, 0, 5, 2, never, source.get_token()), Stopped);
}

TEST(TrainTrees, AreTheSameWhereAStopMightHaveBeenRequested) {
  const Samples samples = test::synthetic_samples(200, 4, 1);
  const std::stop_source source;
  const TrainedTrees plain = train_trees(samples, {.trees = 4}, 0, 4, 2);
  const TrainedTrees stoppable = train_trees(
      samples, {.trees = 4}, 0, 4, 2, [] {}, source.get_token());
  EXPECT_EQ(stoppable.forest, plain.forest);
  EXPECT_TRUE(same_sums(stoppable.out_of_bag, plain.out_of_bag));
}

TEST(TrainTrees, OfAnEmptyRangeAreAnEmptyForestOfTheSameShape) {
  const Samples samples = test::synthetic_samples(50, 3, 2);
  const TrainedTrees none = train_trees(samples, {.trees = 4}, 2, 2, 2);
  EXPECT_EQ(none.forest.tree_count(), 0);
  EXPECT_EQ(none.forest.channel_count, 3);
  EXPECT_EQ(none.out_of_bag.answers, 0);
  EXPECT_EQ(none.out_of_bag.votes.size(), 150U);
}

TEST(TrainTrees, TakeOneClassAloneAsLeavesWithoutNodes) {
  Samples samples = test::synthetic_samples(50, 3, 2);
  std::fill(samples.labels.begin(), samples.labels.end(), std::uint8_t{1});
  const Forest forest = train_trees(samples, {.trees = 3}, 0, 3, 1).forest;
  validate(forest, "forest");
  EXPECT_EQ(forest.node_count(), 0U);
  EXPECT_THAT(forest.leaf_fractions, testing::ElementsAre(0, 1, 0, 0, 1, 0, 0, 1, 0));
}

}  // namespace
}  // namespace cleft
