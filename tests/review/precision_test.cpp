#include "review/precision.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "review/review_test.hpp"

namespace cleft {
namespace {

using test::review_of;
using test::table_of;
using testing::HasSubstr;
using enum Verdict;

/// The chance of at least `right` of `of`, each right with chance p, by its definition.
double chance_of_at_least(int right, int of, double p) {
  double sum = 0;
  for (int k = right; k <= of; ++k)
    sum += std::exp(std::lgamma(of + 1) - std::lgamma(k + 1) - std::lgamma(of - k + 1) + k * std::log(p) +
                    (of - k) * std::log1p(-p));
  return sum;
}

TEST(ProportionInterval, ends_where_what_was_seen_has_a_chance_of_2_5_percent) {
  for (const int of : {1, 2, 10, 57, 200})
    for (const int right : {1, of / 3 + 1, of}) {
      const Interval interval = proportion_interval(right, of);
      EXPECT_NEAR(chance_of_at_least(right, of, interval.low), 0.025, 1e-9) << right << " of " << of;
      const Interval opposite = proportion_interval(of - right, of);
      EXPECT_NEAR(opposite.high, 1 - interval.low, 1e-12);
    }
}

TEST(ProportionInterval, is_that_of_the_tables) {
  // Clopper and Pearson (1934), 95 %: 5 of 10.
  EXPECT_NEAR(proportion_interval(5, 10).low, 0.1871, 5e-5);
  EXPECT_NEAR(proportion_interval(5, 10).high, 0.8129, 5e-5);
  EXPECT_EQ(proportion_interval(0, 10).low, 0);
  EXPECT_NEAR(proportion_interval(0, 10).high, 1 - std::pow(0.025, 0.1), 1e-12);
  EXPECT_EQ(proportion_interval(10, 10).high, 1);
}

MergedReview sampled(std::vector<std::uint64_t> sample, std::map<std::uint64_t, Verdict> verdicts) {
  const std::vector<Review> reviews{review_of("a", ChooseBy::sample, std::move(sample), std::move(verdicts))};
  return merge_reviews(reviews, table_of(20), std::nullopt);
}

TEST(Precision, is_of_the_sample_alone) {
  const auto review =
      sampled({1, 2, 3, 4}, {{1, accept}, {2, accept}, {3, accept}, {4, reject}, {9, reject}});
  const auto p = precision_of(*review.sample, review, 20);
  EXPECT_EQ(p.accepted, 3);
  EXPECT_EQ(p.rejected, 1);
  EXPECT_EQ(p.precision, 0.75);
  EXPECT_EQ(p.interval, proportion_interval(3, 4));
  EXPECT_EQ(
      precision_text(review, 20),
      "precision 0.750 (95 % interval 0.194-0.994): 3 of 4 decided of a random sample of 4 of 20 synapses");
}

TEST(Precision, of_what_nobody_has_decided_holds_whatever_that_is) {
  const auto review = sampled({1, 2, 3, 4, 5}, {{1, accept}, {2, accept}, {3, reject}, {4, unsure}});
  const auto p = precision_of(*review.sample, review, 20);
  EXPECT_EQ(p.unsure, 1);
  EXPECT_EQ(p.unjudged, 1);
  EXPECT_DOUBLE_EQ(*p.precision, 2.0 / 3);
  EXPECT_EQ(p.interval.low, proportion_interval(2, 5).low);
  EXPECT_EQ(p.interval.high, proportion_interval(4, 5).high);
  EXPECT_THAT(precision_text(review, 20), HasSubstr("; 1 unsure and 1 without a verdict are in no share"));
}

TEST(Precision, is_not_told_where_it_cannot_be_known) {
  const std::vector<Review> reviews{review_of("a", ChooseBy::largest, {1, 2}, {{1, accept}})};
  const auto largest = merge_reviews(reviews, table_of(20), std::nullopt);
  EXPECT_THAT(
      precision_text(largest, 20),
      HasSubstr("no precision: the 2 objects with pictures were the largest, which is no random sample of "
                "the 20 synapses"));
  EXPECT_THAT(precision_text(sampled({1, 2}, {{1, unsure}}), 20), HasSubstr("none is accepted or rejected"));
  EXPECT_THAT(precision_text(merge_reviews(reviews, {}, std::nullopt), 0), HasSubstr("no synapse to judge"));
  EXPECT_THAT(precision_text(sampled({}, {{1, accept}}), 20), HasSubstr("none of the 20 synapses was chosen"))
      << "there are some, but nobody was shown one";
}

TEST(Precision, of_all_synapses_leaves_nothing_to_chance) {
  const std::vector<std::uint64_t> all{1, 2, 3, 4, 5};
  const auto judged = [&](std::map<std::uint64_t, Verdict> verdicts) {
    const std::vector<Review> reviews{review_of("a", ChooseBy::largest, all, std::move(verdicts))};
    return merge_reviews(reviews, table_of(5, 2), std::nullopt);
  };
  const auto decided = judged({{1, accept}, {2, accept}, {3, reject}, {4, accept}, {5, accept}, {6, reject}});
  EXPECT_EQ(precision_text(decided, 5), "precision 0.800: 4 of 5 decided of all 5 synapses");
  const auto exact = precision_of(*decided.sample, decided, 5);
  EXPECT_FALSE(exact.is_sampled);
  EXPECT_EQ(exact.interval, (Interval{0.8, 0.8}));
  const auto open = judged({{1, accept}, {2, accept}, {3, reject}, {4, unsure}});
  EXPECT_EQ(precision_of(*open.sample, open, 5).interval, (Interval{0.4, 0.8}));
  EXPECT_EQ(
      precision_text(open, 5),
      "precision 0.667 (0.400-0.800): 2 of 3 decided of all 5 synapses; 1 unsure and 1 without a verdict "
      "are in no share, and count as wrong at the lower end and as right at the upper");
}

}  // namespace
}  // namespace cleft
