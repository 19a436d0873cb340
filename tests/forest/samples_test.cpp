#include "forest/samples.hpp"

#include <limits>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace cleft {
namespace {

const float not_a_number = std::numeric_limits<float>::quiet_NaN();

/// Three samples of two channels.
Samples small_samples() {
  return {.channel_count = 2, .class_count = 4, .values = {1, 2, 3, 10, 20, 30}, .labels = {3, 0, 3}};
}

std::string refusal(const Samples& samples) {
  try {
    check_samples(samples, "raw.h5:/raw", [](std::size_t s) { return fmt::format("place {}", s); });
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Samples, HoldOneChannelAfterTheOther) {
  const Samples samples = small_samples();
  EXPECT_EQ(samples.count(), 3U);
  EXPECT_THAT(samples.channel(0), testing::ElementsAre(1, 2, 3));
  EXPECT_THAT(samples.channel(1), testing::ElementsAre(10, 20, 30));
}

TEST(Samples, CountTheLabelsOfEveryClassAlsoOfOnesWithoutAny) {
  EXPECT_THAT(label_counts(small_samples()), testing::ElementsAre(1, 0, 0, 2));
}

TEST(ValueRange, SpansTheNumbersThatWereAdded) {
  ValueRange range;
  EXPECT_TRUE(range.empty());
  range.add(not_a_number);
  EXPECT_TRUE(range.empty());
  for (const float value : {3.0F, -1.0F, 2.0F, not_a_number}) range.add(value);
  EXPECT_EQ(range, (ValueRange{-1, 3}));
  range.add(ValueRange{});
  EXPECT_EQ(range, (ValueRange{-1, 3}));
  range.add(ValueRange{2, 7});
  EXPECT_EQ(range, (ValueRange{-1, 7}));
}

TEST(CheckSamples, TakesEveryNumberInfinitiesIncluded) {
  Samples samples = small_samples();
  samples.values[0] = std::numeric_limits<float>::infinity();
  samples.values[5] = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(refusal(samples), "");
}

TEST(CheckSamples, SaysWhichChannelOfWhichVoxelIsNotANumber) {
  Samples samples = small_samples();
  samples.values[4] = not_a_number;
  EXPECT_THAT(refusal(samples),
              testing::HasSubstr("raw.h5:/raw: channel 1 of the labelled voxel at place 1 is not a number"));
}

TEST(CheckSamples, RefusesNoSampleAtAll) {
  EXPECT_THAT(refusal({.channel_count = 2, .class_count = 2, .values = {}, .labels = {}, .grey = {}}),
              testing::HasSubstr("no labelled voxel"));
}

}  // namespace
}  // namespace cleft
