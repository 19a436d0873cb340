#include "objects/judge/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

double choose(int n, int k) {
  return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1));
}

/// Probability that at most k of n objects are drawn that have a share p of all.
double at_most(int k, int n, double p) {
  double sum = 0;
  for (int i = 0; i <= k; ++i) sum += choose(n, i) * std::pow(p, i) * std::pow(1 - p, n - i);
  return sum;
}

TEST(Bootstrap, EndsAreQuantilesOfTheBinomialDistribution) {
  // Without missed objects a resampled precision is k / n, k binomial: its quantiles are known.
  const Agreement objects{40, 10, 0};
  const auto found = bootstrap_intervals(objects, {.resamplings = 20000, .seed = 3});
  ASSERT_TRUE(found.precision);
  const auto quantile = [](double share) {
    int k = 0;
    while (at_most(k, 50, 0.8) < share) ++k;
    return k / 50.0;
  };
  EXPECT_EQ(found.precision->low, quantile(0.025));
  EXPECT_EQ(found.precision->high, quantile(0.975));
  EXPECT_EQ(found.recall, (Interval{1, 1}));
}

TEST(Bootstrap, IsTheSameOnEveryMachine) {
  const auto found = bootstrap_intervals({30, 12, 9}, {});
  const auto again = bootstrap_intervals({30, 12, 9}, {});
  EXPECT_EQ(found.f1, again.f1);
  const Agreement many{3001, 1234, 917};  // so many that two seeds hardly agree by chance
  EXPECT_NE(bootstrap_intervals(many, {}).f1, bootstrap_intervals(many, {.resamplings = 1000, .seed = 2}).f1);
  // By definition, draw by draw.
  std::vector<double> f1;
  for (std::uint64_t n = 0; n < 1000; ++n) {
    Random random(1, n);
    int matched = 0;
    for (int i = 0; i < 51; ++i) matched += random.below(51) < 30 ? 1 : 0;
    f1.push_back(2.0 * matched / (2.0 * matched + 51 - matched));
  }
  std::sort(f1.begin(), f1.end());
  EXPECT_EQ(found.f1, (Interval{f1[24], f1[975]}));
}

TEST(Bootstrap, HoldsTheFigureItself) {
  for (const Agreement& objects : {Agreement{30, 12, 9}, Agreement{3, 1, 1}, Agreement{1, 0, 5}}) {
    const auto found = bootstrap_intervals(objects, {});
    EXPECT_LE(found.precision->low, *objects.precision());
    EXPECT_GE(found.precision->high, *objects.precision());
    EXPECT_LE(found.recall->low, *objects.recall());
    EXPECT_GE(found.recall->high, *objects.recall());
    EXPECT_LE(found.f1->low, *objects.f1());
    EXPECT_GE(found.f1->high, *objects.f1());
  }
}

TEST(Bootstrap, OfUndefinedSharesThereIsNone) {
  const auto nothing = bootstrap_intervals({0, 0, 0}, {});
  EXPECT_FALSE(nothing.precision);
  EXPECT_FALSE(nothing.recall);
  EXPECT_FALSE(nothing.f1);
  const auto nothing_found = bootstrap_intervals({0, 0, 4}, {});
  EXPECT_FALSE(nothing_found.precision);
  EXPECT_EQ(nothing_found.recall, (Interval{0, 0}));
  EXPECT_FALSE(bootstrap_intervals({3, 2, 1}, {.resamplings = 0}).f1);
}

TEST(Bootstrap, StandardErrorIsThatOfTheBinomialDistribution) {
  // Without false and missed objects F1 is always 1. Without missed ones F1 = 2 k / (n + k), k binomial.
  EXPECT_EQ(f1_standard_error({30, 0, 0}, {}), 0);
  EXPECT_EQ(f1_standard_error({}, {}), 0);
  constexpr int n = 50;
  double mean = 0, squares = 0;
  for (int k = 0; k <= n; ++k) {
    const double share = at_most(k, n, 0.8) - (k == 0 ? 0 : at_most(k - 1, n, 0.8));
    const double f1 = 2.0 * k / (n + k);
    mean += share * f1;
    squares += share * f1 * f1;
  }
  const double expected = std::sqrt(squares - mean * mean);
  EXPECT_NEAR(f1_standard_error({40, 10, 0}, {.resamplings = 20000, .seed = 3}), expected, 0.03 * expected);
}

}  // namespace
}  // namespace cleft
