#include "forest/samples.hpp"

#include <limits>

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
    check_samples(samples, "raw.h5:/raw");
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
              testing::HasSubstr("raw.h5:/raw: channel 1 of labelled voxel 1 is not a number"));
}

TEST(CheckSamples, RefusesNoSampleAtAll) {
  EXPECT_THAT(refusal({.channel_count = 2, .class_count = 2, .values = {}, .labels = {}}),
              testing::HasSubstr("no labelled voxel"));
}

}  // namespace
}  // namespace cleft
