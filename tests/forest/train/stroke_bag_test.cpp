#include "forest/train/stroke_bag.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "forest/train/grow_tree.hpp"
#include "forest/train/train.hpp"
#include "forest/training_summary.hpp"
#include "support/synthetic_samples.hpp"

namespace cleft {
namespace {

/// Strokes of 5 samples, each of one class.
Samples samples_in_strokes(std::size_t count) {
  Samples samples = test::synthetic_samples(count, 4, 3);
  for (std::uint32_t s = 0; s < count; ++s) {
    samples.strokes.push_back(s / 5);
    samples.labels[s] = samples.labels[s - s % 5];
  }
  return samples;
}

TEST(StrokeBag, DrawsNothingOfTheStrokesThatItJudges) {
  const Samples samples = samples_in_strokes(400);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    const auto bag = forest::draw_stroke_bag(samples, ClassBalance::none, random);
    std::vector<bool> drawn(80);
    for (std::size_t s = 0; s < samples.count(); ++s)
      if (bag.draws[s] > 0) drawn[samples.strokes[s]] = true;
    ASSERT_FALSE(bag.judged.empty());
    for (const std::uint32_t s : bag.judged) EXPECT_FALSE(drawn[samples.strokes[s]]);
    EXPECT_EQ(bag.judged.size() % 5, 0U);
    // What is not judged is in the bag's strokes, of which there are as many samples as draws.
    const auto draws = std::accumulate(bag.draws.begin(), bag.draws.end(), std::size_t{0});
    EXPECT_EQ(draws + bag.judged.size(), samples.count());
    EXPECT_NEAR(static_cast<double>(bag.judged.size()) / 400, std::exp(-1.0), 0.15);
  }
}

TEST(StrokeBag, BalancedClassesAreDrawnEquallyOften) {
  Samples samples = samples_in_strokes(300);
  for (std::size_t s = 0; s < 300; ++s) samples.labels[s] = s < 200 ? 0 : s < 260 ? 1 : 2;
  Random random(5);
  const auto bag = forest::draw_stroke_bag(samples, ClassBalance::balanced, random);
  std::vector<std::int64_t> of_class(3);
  for (std::size_t s = 0; s < 300; ++s) of_class[samples.labels[s]] += bag.draws[s];
  EXPECT_LE(std::ranges::max(of_class) - std::ranges::min(of_class), 1);
}

TEST(StrokeBag, AClassOfOneStrokeIsNotJudged) {
  Samples samples = samples_in_strokes(200);
  for (std::size_t s = 0; s < 200; ++s) samples.labels[s] = s < 5 ? 1 : 0;
  bool left_out = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    const auto bag = forest::draw_stroke_bag(samples, ClassBalance::none, random);
    left_out =
        left_out || std::all_of(bag.draws.begin(), bag.draws.begin() + 5, [](auto n) { return n == 0; });
    EXPECT_TRUE(bag.judged.empty() || bag.judged.front() >= 5);
  }
  EXPECT_TRUE(left_out);
}

TEST(StrokeBag, VotesAreThoseOfTreesGrownWithoutTheStroke) {
  const Samples samples = samples_in_strokes(150);
  const TrainOptions options{.trees = 4, .seed = 9};
  const TrainedTrees trained = train_trees(samples, options, 0, 4, 2);
  OutOfBag expected(samples);
  const forest::RankedChannels ranked(samples, 1);
  for (std::uint64_t tree = 0; tree < 4; ++tree) {
    Random random(9, (std::uint64_t{1} << 32U) + tree);
    const auto bag = forest::draw_stroke_bag(samples, ClassBalance::none, random);
    const Forest grown = forest::grow_tree(samples, ranked, bag.draws, 1, random);
    add_votes(expected.votes_without_stroke, grown, samples, bag.judged);
  }
  EXPECT_EQ(trained.out_of_bag.votes_without_stroke, expected.votes_without_stroke);
}

TEST(StrokeBag, TheForestIsTheSameWhetherStrokesAreKnownOrNot) {
  const Samples with = samples_in_strokes(150);
  Samples without = with;
  without.strokes.clear();
  const TrainedTrees a = train_trees(with, {.trees = 3}, 0, 3, 1),
                     b = train_trees(without, {.trees = 3}, 0, 3, 1);
  EXPECT_EQ(a.forest, b.forest);
  EXPECT_EQ(a.out_of_bag.votes, b.out_of_bag.votes);
  EXPECT_EQ(a.out_of_bag.right_answers_lost, b.out_of_bag.right_answers_lost);
  EXPECT_TRUE(b.out_of_bag.votes_without_stroke.empty());
}

TEST(StrokeBag, CopiesOfOneVoxelAreToldApartByVoxelButNotByStroke) {
  // Labels by chance, every stroke five copies of one voxel: whoever has seen one copy knows the others.
  Samples samples = samples_in_strokes(500);
  Random random(2);
  for (std::size_t s = 0; s < 500; ++s) {
    const std::size_t first = s - s % 5;
    for (std::size_t c = 0; c < 4; ++c)
      samples.values[c * 500 + s] =
          s == first ? static_cast<float>(random.uniform()) : samples.values[c * 500 + first];
    samples.labels[s] = s == first ? static_cast<std::uint8_t>(random.below(2)) : samples.labels[first];
  }
  samples.class_count = 2;
  const TrainedTrees trained = train_trees(samples, {.trees = 40}, 0, 40, 2);
  const TrainingSummary summary = summarise(samples, trained.out_of_bag);
  EXPECT_EQ(summary.strokes, 100);
  EXPECT_EQ(summary.judged_by_stroke, 500);
  EXPECT_LT(summary.out_of_bag_error(), 0.05);
  EXPECT_GT(summary.stroke_error(), 0.35);
}

}  // namespace
}  // namespace cleft
