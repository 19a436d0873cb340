#include "pipeline/tune/shared_work.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleft {
namespace {

using testing::ElementsAre;

SegmentSettings setting(double sigma, double reference, double core, Connectivity connectivity,
                        std::int64_t min_size) {
  return {.threshold = {.options = {.core_ratio = core, .reference_ratio = reference},
                        .sigma = {sigma, sigma, sigma},
                        .connectivity = connectivity},
          .rule = {.bounds = {min_size, 1000}, .candidates = {}},
          .split = {}};
}

TEST(SharedWork, ALevelStandsOnceWhetherReferenceOrCore) {
  const std::vector<SegmentSettings> settings{
      setting(1, 2, 4, Connectivity::six, 10), setting(1, 1, 2, Connectivity::six, 5),
      setting(1, 2, 4, Connectivity::six, 7), setting(1, 2, 2, Connectivity::six, 30)};
  const auto shared = shared_work(settings);
  ASSERT_EQ(shared.size(), 1U);
  ASSERT_EQ(shared[0].levels.size(), 1U);
  const SharedLevels& levels = shared[0].levels[0];
  EXPECT_THAT(levels.ratios, ElementsAre(1, 2, 4));
  EXPECT_EQ(levels.least_size, 5);
  ASSERT_EQ(levels.references.size(), 2U);
  EXPECT_EQ(levels.references[0].level, 1U);
  ASSERT_EQ(levels.references[0].cores.size(), 2U);
  EXPECT_EQ(levels.references[0].cores[0].level, 2U);
  EXPECT_THAT(levels.references[0].cores[0].settings, ElementsAre(0, 2));
  EXPECT_THAT(levels.references[0].cores[1].settings, ElementsAre(3));
  EXPECT_THAT(levels.references[1].cores[0].settings, ElementsAre(1));
}

TEST(SharedWork, WhatDiffersInSmoothingConnectivityOrBackgroundIsApart) {
  auto raw = setting(1, 1, 2, Connectivity::six, 0);
  raw.threshold.options.background = Background::raw;
  const std::vector<SegmentSettings> settings{
      setting(1, 1, 2, Connectivity::six, 0), setting(2, 1, 2, Connectivity::six, 9),
      setting(1, 1, 3, Connectivity::eighteen, 9), raw, setting(2, 1, 2, Connectivity::six, 4)};
  const auto shared = shared_work(settings);
  ASSERT_EQ(shared.size(), 2U);
  EXPECT_EQ(shared[0].sigma, (PerAxis<double>{1, 1, 1}));
  EXPECT_EQ(shared[0].levels.size(), 3U);
  EXPECT_EQ(shared[0].levels[0].least_size, 1) << "a core needs a voxel";
  ASSERT_EQ(shared[1].levels.size(), 1U);
  EXPECT_EQ(shared[1].levels[0].least_size, 4);
  EXPECT_THAT(shared[1].levels[0].references[0].cores[0].settings, ElementsAre(1, 4));
}

}  // namespace
}  // namespace cleft
