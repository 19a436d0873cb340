#include "base/random.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace cleft {
namespace {

constexpr std::uint64_t golden_gamma = 0x9e3779b97f4a7c15U;

/// The published outputs of SplitMix64 for seed 1234567.
TEST(MixBits, IsTheFinaliserOfSplitMix64) {
  constexpr std::array<std::uint64_t, 5> published{6457827717110365317U, 3203168211198807973U,
                                                   9817491932198370423U, 4593380528125082431U,
                                                   16408922859458223821U};
  for (std::size_t n = 0; n < published.size(); ++n)
    EXPECT_EQ(mix_bits(1234567 + n * golden_gamma), published[n]);
}

TEST(MixBits, ChangesHalfOfTheBitsWhenOneChanges) {
  double changed = 0;
  int count = 0;
  for (std::uint64_t v = 0; v < 50; ++v)
    for (unsigned bit = 0; bit < 64; ++bit, ++count)
      changed += std::popcount(mix_bits(v) ^ mix_bits(v ^ (std::uint64_t{1} << bit)));
  EXPECT_NEAR(changed / count, 32, 0.3);
}

TEST(Random, RepeatsItselfAndDiffersBySeedAndStream) {
  const auto first = [](std::uint64_t seed, std::uint64_t stream) {
    Random random(seed, stream);
    return std::array{random.bits(), random.bits(), random.bits()};
  };
  EXPECT_EQ(first(7, 3), first(7, 3));
  std::set<std::array<std::uint64_t, 3>> all;
  for (std::uint64_t seed = 0; seed < 30; ++seed)
    for (std::uint64_t stream = 0; stream < 30; ++stream) all.insert(first(seed, stream));
  EXPECT_EQ(all.size(), 900U);  // (1, 2) is not (2, 1)
}

/// Neighbouring streams are what the trees of a forest draw from.
TEST(Random, NeighbouringStreamsAreUncorrelated) {
  constexpr int count = 20000;
  for (const auto& [seed, stream] : {std::pair{1U, 1U}, {2U, 0U}, {1U, 1000U}}) {
    Random one(1, 0), other(seed, stream);
    double product = 0;
    for (int n = 0; n < count; ++n) product += (one.uniform() - 0.5) * (other.uniform() - 0.5);
    EXPECT_NEAR(product / count * 12, 0, 5 / std::sqrt(count)) << seed << ", " << stream;
  }
}

TEST(RandomBelow, TakesEveryValueEquallyOften) {
  for (const std::uint32_t bound : {1U, 2U, 3U, 7U, 10U}) {
    Random random(5, bound);
    std::vector<int> count(bound);
    constexpr int draws = 20000;
    for (int n = 0; n < draws; ++n) ++count.at(random.below(bound));
    const double expected = static_cast<double>(draws) / bound;
    double chi_square = 0;
    for (const int c : count) chi_square += (c - expected) * (c - expected) / expected;
    EXPECT_LT(chi_square, 30) << bound;  // at most 9 degrees of freedom: once in 2000 seeds
  }
}

/// Where bound divides 2^32 with a large rest, a generator that only scales 32 bits would give every third
/// value twice as often as the others.
TEST(RandomBelow, IsWithoutBiasForBoundsNearTheWordSize) {
  constexpr std::uint32_t bound = 3U << 30U;
  Random random(11);
  constexpr int draws = 30000;
  int multiples_of_three = 0;
  for (int n = 0; n < draws; ++n) multiples_of_three += random.below(bound) % 3 == 0 ? 1 : 0;
  EXPECT_NEAR(static_cast<double>(multiples_of_three) / draws, 1.0 / 3, 0.015);
}

TEST(RandomUniform, FillsTheUnitIntervalEvenlyAndLeavesOneOut) {
  Random random(3);
  std::array<int, 20> bins{};
  constexpr int draws = 40000;
  for (int n = 0; n < draws; ++n) {
    const double u = random.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    EXPECT_EQ(std::floor(u * 0x1p53), u * 0x1p53);  // a step of 2^-53
    ++bins.at(static_cast<std::size_t>(u * 20));
  }
  for (const int count : bins) EXPECT_NEAR(count, draws / 20, 5 * std::sqrt(draws / 20.0));
}

/// Against the normal distribution's own cumulative function (Kolmogorov and Smirnov).
TEST(RandomNormal, HasTheNormalDistribution) {
  Random random(17);
  std::vector<double> values(20000);
  for (double& v : values) v = random.normal();
  std::ranges::sort(values);
  const auto count = static_cast<double>(values.size());
  double farthest = 0;
  for (std::size_t n = 0; n < values.size(); ++n) {
    const double below = 0.5 * std::erfc(-values[n] / std::numbers::sqrt2);
    farthest = std::max(farthest, std::abs(below - (static_cast<double>(n) + 0.5) / count));
  }
  EXPECT_LT(farthest * std::sqrt(count), 1.95);  // exceeded once in 1000 seeds
  EXPECT_GT(values.back(), 3.3);                 // tails are not cut off
  EXPECT_LT(values.front(), -3.3);
}

TEST(RandomOrder, HasEveryNumberOnce) {
  for (const std::uint64_t count : {1U, 2U, 3U, 4U, 5U, 16U, 17U, 1000U, 65536U, 65537U}) {
    const RandomOrder order(count, 3);
    std::vector<int> times(count);
    for (std::uint64_t place = 0; place < count; ++place) ++times.at(order.at(place));
    EXPECT_EQ(times, std::vector<int>(count, 1)) << count;
  }
}

TEST(RandomOrder, DiffersBySeedAndRepeatsItself) {
  const auto first = [](std::uint64_t seed) {
    const RandomOrder order(1'000'000, seed);
    return std::array{order.at(0), order.at(1), order.at(2)};
  };
  EXPECT_EQ(first(1), first(1));
  EXPECT_NE(first(1), first(2));
}

/// Chi square of 64 bins has mean 63 and standard deviation 11.2.
TEST(RandomOrder, DrawsEveryPartOfALargeRangeEquallyOften) {
  constexpr std::uint64_t count = 10'000'000'019U;
  constexpr int bins = 64, draws = 64000;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const RandomOrder order(count, seed);
    std::array<int, bins> at{}, step{};
    for (std::uint64_t place = 0; place < draws; ++place) {
      const std::uint64_t v = order.at(place), next = order.at(place + 1);
      ASSERT_LT(v, count);
      ++at.at(v / (count / bins + 1));
      ++step.at(((next + count - v) % count) / (count / bins + 1));
    }
    for (const auto& found : {at, step}) {
      double chi_square = 0;
      for (const int n : found) chi_square += (n - draws / bins) * (n - draws / bins) / (draws / 64.0);
      EXPECT_LT(chi_square, 63 + 5 * 11.2);
      EXPECT_GT(chi_square, 63 - 5 * 11.2);
    }
  }
}

/// In any order of three each of the six orders comes equally often.
TEST(RandomOrder, IsOverSeedsAnyOrderEquallyOften) {
  std::array<int, 6> times{};
  constexpr int seeds = 60000;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const RandomOrder order(3, seed);
    const std::uint64_t a = order.at(0), b = order.at(1);
    ++times.at(2 * a + (b > 3 - a - b ? 1 : 0));
  }
  for (const int n : times) EXPECT_NEAR(n, seeds / 6, 500);
}

}  // namespace
}  // namespace cleft
