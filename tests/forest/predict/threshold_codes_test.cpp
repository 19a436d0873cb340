// A code tells of a value what trees ask for: which thresholds are above it. The plain way to find it is to
// count thresholds one by one.
#include "forest/predict/threshold_codes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "forest/every_target.hpp"

namespace cleft::forest {
namespace {

constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
constexpr float largest = std::numeric_limits<float>::max(), tiny = std::numeric_limits<float>::denorm_min();

/// Codes as counts, from 0.
std::vector<int> counts_of(const ThresholdCodes& codes, const std::vector<float>& values) {
  std::vector<std::int16_t> found(values.size());
  codes.encode(values, found);
  std::vector<int> counts;
  for (const std::int16_t code : found) counts.push_back(code - ThresholdCodes::min_code);
  return counts;
}

/// By the definition: how many of the different thresholds are not above x.
int plain_count(const std::vector<float>& sorted, float x) {
  return static_cast<int>(std::count_if(sorted.begin(), sorted.end(), [x](float t) { return t <= x; }));
}

std::vector<float> sorted_once(std::vector<float> thresholds) {
  std::sort(thresholds.begin(), thresholds.end());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
  return thresholds;
}

/// Each threshold, the floats next to it, and what is far from all.
std::vector<float> values_around(const std::vector<float>& thresholds) {
  std::vector<float> values{0.0F, -0.0F, inf, -inf, largest, -largest, tiny, -tiny};
  for (const float t : thresholds)
    values.insert(values.end(), {t, std::nextafter(t, inf), std::nextafter(t, -inf)});
  return values;
}

TEST(ThresholdCodes, AreThoseOfTheHeadersExample) {
  const ThresholdCodes codes({7.5F, 0.5F, 2.0F, 0.5F});
  EXPECT_EQ(codes.threshold_count(), 3U);
  EXPECT_EQ(codes.rank_of(0.5F), ThresholdCodes::min_code + 0);
  EXPECT_EQ(codes.rank_of(2.0F), ThresholdCodes::min_code + 1);
  EXPECT_EQ(codes.rank_of(7.5F), ThresholdCodes::min_code + 2);
  EXPECT_THAT(counts_of(codes, {0.4F, 0.5F, 7.0F, 7.5F}), testing::ElementsAre(0, 1, 2, 3));
}

TEST(ThresholdCodes, CountTheThresholdsThatAreNotAboveAValue) {
  Random random(1);
  std::vector<float> clustered, spread;  // many in one bucket; many buckets
  for (int i = 0; i < 300; ++i) {
    clustered.push_back(1.0F + static_cast<float>(i) * 1e-6F);
    spread.push_back(static_cast<float>(random.normal()));
  }
  clustered.push_back(1e6F);
  const std::vector<std::vector<float>> all{
      {},          {3},       {0.0F}, {-0.0F, 0.0F}, {-inf, inf}, {-largest, largest}, {-tiny, 0, tiny},
      {1, 2, inf}, clustered, spread};
  for (const auto& thresholds : all) {
    const ThresholdCodes codes(thresholds);
    const auto sorted = sorted_once(thresholds);
    const auto values = values_around(sorted);
    std::vector<int> expected;
    for (const float x : values) expected.push_back(plain_count(sorted, x));
    test::on_every_target(
        [&] { EXPECT_EQ(counts_of(codes, values), expected) << thresholds.size() << " thresholds"; });
  }
}

TEST(ThresholdCodes, CompareWithRanksAsValuesCompareWithThresholds) {
  Random random(2);
  std::vector<float> thresholds;
  for (int i = 0; i < 50; ++i) thresholds.push_back(static_cast<float>(random.below(40)) / 4);
  const ThresholdCodes codes(thresholds);
  const auto values = values_around(thresholds);
  std::vector<std::int16_t> found(values.size());
  codes.encode(values, found);
  for (std::size_t i = 0; i < values.size(); ++i)
    for (const float t : thresholds)
      EXPECT_EQ(found[i] <= codes.rank_of(t), values[i] < t) << values[i] << " < " << t;
}

TEST(ThresholdCodes, TellAsManyThresholdsApartAs16BitsCan) {
  std::vector<float> thresholds;
  for (std::size_t i = 0; i < ThresholdCodes::max_thresholds; ++i)
    thresholds.push_back(static_cast<float>(i));
  const ThresholdCodes codes(thresholds);
  test::on_every_target([&] {
    EXPECT_THAT(counts_of(codes, {-1, 0, 32767.5F, 65533.9F, 65534, inf}),
                testing::ElementsAre(0, 1, 32768, 65534, 65535, 65535));
  });
}

TEST(ThresholdCodes, SayWhetherThereIsANanInARowOfAnyLength) {
  const ThresholdCodes codes({1, 2, 3});
  test::on_every_target([&] {
    for (std::size_t length = 1; length < 150; ++length) {
      std::vector<float> values(length, 2.5F);
      std::vector<std::int16_t> found(length);
      EXPECT_FALSE(codes.encode(values, found));
      EXPECT_EQ(found.back(), ThresholdCodes::min_code + 2);
      values.back() = nan;
      EXPECT_TRUE(codes.encode(values, found)) << length;
    }
  });
}

TEST(FloatThreshold, DividesFloatsAsTheDoubleDoes) {
  for (const double threshold : {0.1, -0.1, 1.0, 1.0 + 1e-12, 1.0 - 1e-12, 1e300, -1e300, 1e-300, -1e-300,
                                 0.0, -0.0, static_cast<double>(inf), static_cast<double>(-inf), 0x1p-150}) {
    const float t = float_threshold(threshold);
    for (const float x : values_around({static_cast<float>(threshold), t}))
      EXPECT_EQ(x < t, static_cast<double>(x) < threshold) << x << " < " << threshold;
  }
}

}  // namespace
}  // namespace cleft::forest
