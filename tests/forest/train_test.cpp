#include "forest/train.hpp"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "forest/grow_tree.hpp"
#include "forest/predict.hpp"
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
  predict_reference(
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

TEST(CheckSamples, RefusesNoSampleAndNotANumber) {
  Samples samples = test::synthetic_samples(5, 2, 1);
  EXPECT_NO_THROW(check_samples(samples, "labels.h5"));
  samples.values[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(check_samples(samples, "labels.h5"), InputError);
  EXPECT_THROW(check_samples({.channel_count = 2, .class_count = 2, .values = {}, .labels = {}}, "labels.h5"),
               InputError);
}

}  // namespace
}  // namespace cleft
