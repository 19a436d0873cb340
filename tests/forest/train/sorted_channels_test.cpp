#include "forest/train/sorted_channels.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/synthetic_samples.hpp"

namespace cleft::forest {
namespace {

using testing::ElementsAre;

Samples one_channel(std::vector<float> values) {
  Samples samples{.channel_count = 1, .class_count = 2, .values = std::move(values), .labels = {}};
  samples.labels.resize(samples.values.size());
  return samples;
}

TEST(SortedChannels, OrderNumbersOfEverySizeAndSign) {
  const float inf = std::numeric_limits<float>::infinity(), most = std::numeric_limits<float>::max();
  const float tiny = std::numeric_limits<float>::denorm_min();
  const Samples samples = one_channel({inf, -1, tiny, -tiny, most, -inf, 0.5F, -most, 0});
  EXPECT_THAT(SortedChannels(samples, 1).order(0), ElementsAre(5, 7, 1, 3, 8, 2, 6, 4, 0));
}

TEST(SortedChannels, TakeBothZerosForOneValueAndKeepEqualValuesInTheOrderOfTheSamples) {
  const Samples samples = one_channel({0.0F, 3, -0.0F, 0.0F, 3, -2, -0.0F});
  EXPECT_THAT(SortedChannels(samples, 1).order(0), ElementsAre(5, 0, 2, 3, 6, 1, 4));
}

TEST(SortedChannels, AreThoseOfAStableSortForAnyThreads) {
  const Samples samples = test::synthetic_samples(500, 5, 4, 40);
  for (const int threads : {1, 2, 7}) {
    const SortedChannels sorted(samples, threads);
    for (int c = 0; c < samples.channel_count; ++c) {
      std::vector<std::uint32_t> expected(samples.count());
      std::iota(expected.begin(), expected.end(), 0U);
      std::stable_sort(expected.begin(), expected.end(),
                       [values = samples.channel(c)](auto a, auto b) { return values[a] < values[b]; });
      EXPECT_THAT(sorted.order(c), testing::ElementsAreArray(expected)) << "channel " << c;
    }
  }
}

TEST(SortedChannels, AreEmptyWithoutSamples) {
  EXPECT_TRUE(SortedChannels(one_channel({}), 1).order(0).empty());
}

}  // namespace
}  // namespace cleft::forest
