#include "objects/judge/probability_score.hpp"

#include <utility>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

using Voxels = std::vector<std::pair<std::uint32_t, bool>>;

std::optional<ProbabilityScore> scored(const Voxels& voxels) {
  ProbabilityHistogram histogram(255);
  for (const auto& [step, in_truth] : voxels) histogram.add(step, in_truth);
  return histogram.score();
}

/// Voxels called positive at a threshold and, of these, those in the truth; and all that are in the truth.
struct Counts {
  double called = 0, right = 0, truth = 0;

  Counts(const Voxels& voxels, std::uint32_t threshold) {
    for (const auto& [step, in_truth] : voxels) {
      called += step >= threshold ? 1 : 0;
      right += step >= threshold && in_truth ? 1 : 0;
      truth += in_truth ? 1 : 0;
    }
  }
};

TEST(ProbabilityScore, FollowsTheDefinitionsAtEveryThreshold) {
  Random random(4);
  Voxels voxels;
  for (int i = 0; i < 500; ++i) {
    const bool in_truth = random.below(4) == 0;
    voxels.emplace_back(random.below(in_truth ? 256 : 180), in_truth);
  }
  double average = 0, recall_before = 0, best = 0, best_at = 0;
  for (std::uint32_t threshold = 256; threshold-- > 0;) {
    const Counts c(voxels, threshold);
    if (c.called == 0) continue;
    average += (c.right / c.truth - recall_before) * (c.right / c.called);
    recall_before = c.right / c.truth;
    const double f1 = 2 * c.right / (c.called + c.truth);
    if (f1 > best) {
      best = f1;
      best_at = threshold;
    }
  }
  const auto score = scored(voxels);
  ASSERT_TRUE(score);
  EXPECT_NEAR(score->average_precision, average, 1e-12);
  EXPECT_DOUBLE_EQ(score->best_f1, best);
  EXPECT_DOUBLE_EQ(score->best_threshold, best_at / 255);
  const Counts at(voxels, static_cast<std::uint32_t>(best_at));
  EXPECT_DOUBLE_EQ(score->precision, at.right / at.called);
  EXPECT_DOUBLE_EQ(score->recall, at.right / at.truth);
}

TEST(ProbabilityScore, APerfectProbabilityScoresOne) {
  const auto score = scored({{200, true}, {200, true}, {199, false}, {0, false}});
  EXPECT_DOUBLE_EQ(score->average_precision, 1);
  EXPECT_DOUBLE_EQ(score->best_f1, 1);
  EXPECT_DOUBLE_EQ(score->best_threshold, 200.0 / 255);
}

TEST(ProbabilityScore, AConstantProbabilityScoresTheTruthsShare) {
  EXPECT_DOUBLE_EQ(scored({{9, true}, {9, false}, {9, false}, {9, false}})->average_precision, 0.25);
}

TEST(ProbabilityScore, WithoutTruthThereIsNone) {
  EXPECT_FALSE(scored({{9, false}}));
}

}  // namespace
}  // namespace cleft
