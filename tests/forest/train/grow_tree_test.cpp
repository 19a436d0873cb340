#include "forest/train/grow_tree.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/stopped.hpp"
#include "support/synthetic_samples.hpp"

namespace cleft::forest {
namespace {

using Draws = std::vector<std::size_t>;  // sample numbers, one per draw

Draws listed(const std::vector<std::uint32_t>& counts) {
  Draws draws;
  for (std::size_t s = 0; s < counts.size(); ++s) draws.insert(draws.end(), counts[s], s);
  return draws;
}

float value_of(const Samples& samples, int channel, std::size_t sample) {
  return samples.values[static_cast<std::size_t>(channel) * samples.count() + sample];
}

std::vector<double> class_counts(const Samples& samples, const Draws& draws) {
  std::vector<double> counts(static_cast<std::size_t>(samples.class_count));
  for (const std::size_t s : draws) ++counts[samples.labels[s]];
  return counts;
}

/// Gini impurity times the number of draws: what a split wants little of.
double impurity(const Samples& samples, const Draws& draws) {
  const auto n = static_cast<double>(draws.size());
  double squares = 0;
  for (const double count : class_counts(samples, draws)) squares += count / n * (count / n);
  return n * (1 - squares);
}

std::pair<Draws, Draws> divided(const Samples& samples, const Draws& draws, int channel, double threshold) {
  std::pair<Draws, Draws> sides;
  for (const std::size_t s : draws)
    (static_cast<double>(value_of(samples, channel, s)) < threshold ? sides.first : sides.second)
        .push_back(s);
  return sides;
}

double impurity_after(const Samples& samples, const Draws& draws, int channel, double threshold) {
  const auto [left, right] = divided(samples, draws, channel, threshold);
  return impurity(samples, left) + impurity(samples, right);
}

/// The least impurity that any threshold of this channel reaches; infinite when none divides with min_leaf on
/// both sides.
double best_impurity(const Samples& samples, const Draws& draws, int channel, std::size_t min_leaf) {
  double best = std::numeric_limits<double>::infinity();
  for (const std::size_t s : draws) {
    const auto threshold = static_cast<double>(value_of(samples, channel, s));
    const auto [left, right] = divided(samples, draws, channel, threshold);
    if (left.size() >= min_leaf && right.size() >= min_leaf)
      best = std::min(best, impurity(samples, left) + impurity(samples, right));
  }
  return best;
}

/// Follows the draws down a grown tree and compares every node and leaf with the definition.
class BruteForce {
 public:
  BruteForce(const Samples& samples, const Forest& tree, int min_leaf)
      : samples_(samples), tree_(tree), min_leaf_(static_cast<std::size_t>(min_leaf)) {}

  void check(std::int32_t at, const Draws& draws) const {
    if (at < 0)
      check_leaf(at, draws);
    else
      check_node(static_cast<std::size_t>(at), draws);
  }

 private:
  void check_leaf(std::int32_t at, const Draws& draws) const {
    const auto counts = class_counts(samples_, draws);
    for (std::size_t c = 0; c < counts.size(); ++c)
      EXPECT_EQ(tree_.fractions(at)[c], static_cast<float>(counts[c] / static_cast<double>(draws.size())));
    EXPECT_GE(draws.size(), min_leaf_);
    if (impurity(samples_, draws) == 0) return;
    for (int c = 0; c < samples_.channel_count; ++c)
      EXPECT_TRUE(std::isinf(best_impurity(samples_, draws, c, min_leaf_)))
          << "channel " << c << " could divide it";
  }

  void check_node(std::size_t n, const Draws& draws) const {
    EXPECT_GT(impurity(samples_, draws), 0) << "a pure node was split";
    const int channel = tree_.channel[n];
    EXPECT_NEAR(impurity_after(samples_, draws, channel, tree_.threshold[n]),
                best_impurity(samples_, draws, channel, min_leaf_), 1e-9);
    EXPECT_EQ(static_cast<double>(static_cast<float>(tree_.threshold[n])), tree_.threshold[n]);
    const auto [left, right] = divided(samples_, draws, channel, tree_.threshold[n]);
    check(tree_.left[n], left);
    check(tree_.right[n], right);
  }

  const Samples& samples_;
  const Forest& tree_;
  const std::size_t min_leaf_;
};

struct Case {
  std::size_t count;
  int channels, levels, min_leaf;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.count << " samples, " << c.channels << " channels, " << c.levels << " levels, min_leaf "
       << c.min_leaf;
}

class GrownTree : public testing::TestWithParam<Case> {};

TEST_P(GrownTree, SplitsEveryNodeWhereBruteForceWould) {
  const auto [count, channels, levels, min_leaf] = GetParam();
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const Samples samples = test::synthetic_samples(count, channels, seed, levels);
    Random random(seed);
    const auto counts = draw_bag(samples, ClassBalance::none, random);
    const Forest tree = grow_tree(samples, RankedChannels(samples, 1), counts, min_leaf, random);
    validate(tree, "tree");
    ASSERT_EQ(tree.tree_count(), 1);
    BruteForce(samples, tree, min_leaf).check(tree.roots[0], listed(counts));
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, GrownTree,
                         testing::Values(Case{1, 1, 0, 1}, Case{2, 1, 0, 1}, Case{60, 1, 0, 1},
                                         Case{60, 1, 4, 1}, Case{120, 3, 0, 1}, Case{120, 3, 5, 1},
                                         Case{100, 9, 2, 1}, Case{150, 6, 0, 7}, Case{150, 6, 6, 20},
                                         Case{40, 2, 0, 30}, Case{900, 4, 0, 1}, Case{900, 4, 9, 3}));

TEST(GrowTree, WithFourChannelsTakesTheBetterOfItsTwoCandidates) {
  // Channel 0 alone tells the classes apart: whenever it is a candidate it must be chosen, which is half of
  // all roots.
  Samples samples{.channel_count = 4, .class_count = 2, .values = {}, .labels = {}};
  for (int s = 0; s < 40; ++s) samples.labels.push_back(s < 20 ? 0 : 1);
  Random noise(5);
  for (int s = 0; s < 40; ++s) samples.values.push_back(static_cast<float>(s));
  for (int i = 0; i < 3 * 40; ++i) samples.values.push_back(static_cast<float>(noise.uniform()));
  const std::vector<std::uint32_t> once(40, 1);
  const RankedChannels ranked(samples, 1);
  int chosen = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random random(seed);
    chosen += grow_tree(samples, ranked, once, 1, random).channel[0] == 0 ? 1 : 0;
  }
  EXPECT_GT(chosen, 160);
  EXPECT_LT(chosen, 240);
}

TEST(GrowTree, TriesFurtherChannelsWhenItsCandidatesAreConstant) {
  Samples samples{
      .channel_count = 9, .class_count = 2, .values = std::vector<float>(18, 1.0F), .labels = {0, 1}};
  samples.values[17] = 2;  // only the last channel differs
  const std::vector<std::uint32_t> once(2, 1);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    EXPECT_THAT(grow_tree(samples, RankedChannels(samples, 1), once, 1, random).channel,
                testing::ElementsAre(8));
  }
}

TEST(GrowTree, KeepsEqualValuesTogetherAndNeighbouringFloatsApart) {
  const float next_to_one = std::nextafter(1.0F, 2.0F), tiny = std::numeric_limits<float>::denorm_min();
  const float inf = std::numeric_limits<float>::infinity();
  for (const auto& [below, above] :
       {std::pair{1.0F, next_to_one}, std::pair{0.0F, tiny}, std::pair{-tiny, -0.0F}, std::pair{-inf, inf},
        std::pair{5.0F, inf}, std::pair{-inf, 5.0F},
        std::pair{-std::numeric_limits<float>::max(), std::numeric_limits<float>::max()}}) {
    const Samples samples{.channel_count = 1, .class_count = 2, .values = {above, below}, .labels = {1, 0}};
    Random random(1);
    const Forest tree = grow_tree(samples, RankedChannels(samples, 1), {1, 1}, 1, random);
    ASSERT_EQ(tree.node_count(), 1U);
    EXPECT_LT(static_cast<double>(below), tree.threshold[0]);
    EXPECT_GE(static_cast<double>(above), tree.threshold[0]);
  }
  const Samples zeros{.channel_count = 1, .class_count = 2, .values = {0.0F, -0.0F}, .labels = {1, 0}};
  Random random(1);
  EXPECT_EQ(grow_tree(zeros, RankedChannels(zeros, 1), {1, 1}, 1, random).node_count(), 0U);
}

TEST(GrowTree, IsTheSameByShortAndLongKeys) {
  for (const int levels : {0, 7}) {
    const Samples samples = test::synthetic_samples(3000, 10, 2, levels);
    const RankedChannels ranked(samples, 1);
    Random random(3);
    const auto draws = draw_bag(samples, ClassBalance::none, random);
    Random first(4), second(4), third(4);
    const Forest tree = grow_tree(samples, ranked, draws, 1, first);
    EXPECT_GT(tree.node_count(), 20U);
    EXPECT_EQ(grow_tree_by<std::uint32_t>(samples, ranked, draws, 1, second), tree);
    EXPECT_EQ(grow_tree_by<std::uint64_t>(samples, ranked, draws, 1, third), tree);
  }
}

TEST(GrowTree, StopsBeforeTheFirstNodeWhenAStopWasRequested) {
  const Samples samples = test::synthetic_samples(20, 2, 1);
  const RankedChannels ranked(samples, 1);
  const std::vector<std::uint32_t> once(20, 1);
  std::stop_source source;
  Random random(1);
  EXPECT_GT(grow_tree(samples, ranked, once, 1, random, source.get_token()).node_count(), 0U);
  source.request_stop();
  EXPECT_THROW(grow_tree(samples, ranked, once, 1, random, source.get_token()), Stopped);
  EXPECT_THROW(RankedChannels(samples, 1, source.get_token()), Stopped);
}

TEST(DrawBag, DrawsAsManyAsThereAreSamplesAndLeavesAboutAThirdOut) {
  const Samples samples = test::synthetic_samples(5000, 2, 3);
  Random random(1);
  const auto draws = draw_bag(samples, ClassBalance::none, random);
  EXPECT_EQ(std::accumulate(draws.begin(), draws.end(), 0U), 5000U);
  const auto out = std::count(draws.begin(), draws.end(), 0U);
  EXPECT_NEAR(static_cast<double>(out) / 5000, std::exp(-1.0), 0.03);
}

TEST(DrawBag, BalancedDrawsEachClassEquallyOften) {
  Samples samples{.channel_count = 1, .class_count = 4, .values = std::vector<float>(100), .labels = {}};
  samples.labels.assign(100, 0);  // class 2 has no sample
  samples.labels[7] = 1;
  samples.labels[50] = samples.labels[51] = 3;
  Random random(1);
  const auto draws = draw_bag(samples, ClassBalance::balanced, random);
  std::vector<std::uint32_t> per_class(4);
  for (std::size_t s = 0; s < 100; ++s) per_class[samples.labels[s]] += draws[s];
  EXPECT_THAT(per_class, testing::ElementsAre(34U, 33U, 0U, 33U));
}

}  // namespace
}  // namespace cleft::forest
