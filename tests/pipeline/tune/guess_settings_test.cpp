#include "pipeline/tune/guess_settings.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace cleft {
namespace {

const std::vector<double> ratios{0.5, 1, 2, 4, 8, 16, 32};

/// Forty objects that are there at every ratio up to `until`, and noise that halves with each ratio and each
/// doubling of the size.
std::vector<ObjectCount> counts(double until, double noise) {
  std::vector<ObjectCount> all;
  for (const double ratio : ratios)
    for (const std::int64_t size : {10, 20, 40, 80, 160, 320}) {
      const double real = ratio <= until && size <= 160 ? 40 : 0;
      all.push_back({ratio, size, std::llround(real + noise / ratio / static_cast<double>(size * size))});
    }
  return all;
}

TEST(GuessFromCounts, IsOnThePlateauBetweenNoiseAndNothing) {
  const Guess guess = guess_from_counts(counts(16, 30000));
  ASSERT_TRUE(guess.possible);
  EXPECT_GE(guess.core_ratio, 2);
  EXPECT_LE(guess.core_ratio, 8);
  EXPECT_GE(guess.min_size, 40);
  EXPECT_LE(guess.min_size, 80);
  EXPECT_NEAR(static_cast<double>(guess.objects), 40, 4);
  EXPECT_LT(guess.change, 0.1);
}

TEST(GuessFromCounts, FollowsAModelThatIsLessSure) {
  EXPECT_LT(guess_from_counts(counts(4, 30000)).core_ratio, 4);
}

TEST(GuessFromCounts, IsNoneWhereThereIsHardlyAnything) {
  std::vector<ObjectCount> few;
  for (const double ratio : ratios) few.push_back({ratio, 10, ratio < 4 ? least_objects - 1 : 0});
  EXPECT_FALSE(guess_from_counts(few).possible);
  EXPECT_FALSE(guess_from_counts({}).possible);
  EXPECT_FALSE(guess_from_counts({{1, 10, 500}}).possible) << "there is nothing to compare with";
}

TEST(GuessFromCounts, TheChangeIsThePowerOfTheCount) {
  // Of a count that is proportional to 1 / ratio and the same for all sizes.
  std::vector<ObjectCount> all;
  for (const double ratio : {1.0, 2.0, 4.0})
    for (const std::int64_t size : {10, 20, 40}) all.push_back({ratio, size, std::llround(4000 / ratio)});
  const Guess guess = guess_from_counts(all);
  EXPECT_EQ(guess.core_ratio, 2);
  EXPECT_EQ(guess.min_size, 20) << "two sizes to either side that change nothing";
  EXPECT_NEAR(guess.change, 0.5, 1e-9);
}

TEST(GuessMaxSize, IsFourTimesWhatNineteenOfTwentyDoNotExceed) {
  std::vector<std::int64_t> sizes(20);
  std::iota(sizes.begin(), sizes.end(), 1);
  sizes.back() = 100000;
  EXPECT_EQ(guess_max_size(sizes), 4 * 19);
  EXPECT_EQ(guess_max_size({7}), 28);
  EXPECT_EQ(guess_max_size({9, 3, 5}), 36);
}

}  // namespace
}  // namespace cleft
