#include "forest/train/ranked_channels.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>
#include <vector>

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

std::vector<std::uint32_t> ranks_of(const std::vector<float>& values) {
  const RankedChannels ranked(one_channel(values), 1);
  return {ranked.of_channel(0), ranked.of_channel(0) + values.size()};
}

TEST(RankedChannels, RankNumbersOfEverySizeAndSign) {
  const float inf = std::numeric_limits<float>::infinity(), most = std::numeric_limits<float>::max();
  const float tiny = std::numeric_limits<float>::denorm_min();
  EXPECT_THAT(ranks_of({inf, -1, tiny, -tiny, most, -inf, 0.5F, -most, 0}),
              ElementsAre(8, 2, 5, 3, 7, 0, 6, 1, 4));
}

TEST(RankedChannels, GiveEqualValuesAndBothZerosOneRank) {
  EXPECT_THAT(ranks_of({0.0F, 3, -0.0F, 0.0F, 3, -2, -0.0F}), ElementsAre(1, 2, 1, 1, 2, 0, 1));
}

TEST(RankedChannels, CountTheDifferentValuesThatAreLowerForAnyThreads) {
  for (const int levels : {0, 40}) {
    const Samples samples = test::synthetic_samples(5000, 17, 4, levels);
    std::uint32_t highest = 0;
    for (const int threads : {1, 2, 7}) {
      const RankedChannels ranked(samples, threads);
      for (int c = 0; c < samples.channel_count; ++c) {
        const auto values = samples.channel(c);
        const std::set<float> different(values.begin(), values.end());
        const std::vector<float> ascending(different.begin(), different.end());
        highest = std::max(highest, static_cast<std::uint32_t>(ascending.size() - 1));
        for (std::uint32_t s = 0; s < samples.count(); ++s) {
          const auto lower = std::ranges::lower_bound(ascending, values[s]) - ascending.begin();
          ASSERT_EQ(ranked.of_channel(c)[s], lower) << "channel " << c << ", sample " << s;
          ASSERT_EQ(ranked.of_sample(s)[c], lower) << "channel " << c << ", sample " << s;
        }
      }
      EXPECT_EQ(ranked.highest(), highest);
    }
  }
}

TEST(RankedChannels, AreEmptyWithoutSamples) {
  EXPECT_EQ(RankedChannels(one_channel({}), 1).highest(), 0U);
}

}  // namespace
}  // namespace cleft::forest
