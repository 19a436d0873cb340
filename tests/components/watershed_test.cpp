#include "components/watershed.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "components/plain_split.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

using test::values_of;

/// Few heights, so that plains and ties abound; a third of the voxels at 0.
Array3<std::int64_t> random_heights(const Extent& extent, std::uint32_t highest, Random& random) {
  Array3<std::int64_t> heights(extent);
  for (auto& h : heights.voxels()) h = random.below(3) == 0 ? 0 : 1 + random.below(highest);
  return heights;
}

TEST(WatershedTest, AsGoingThroughTheArrayLevelByLevel) {
  Random random(5);
  for (const auto connectivity : test::all_connectivities)
    for (const std::uint32_t highest : {1U, 3U, 50U})
      for (const Extent& extent : {Extent{5, 8, 9}, Extent{1, 12, 17}, Extent{1, 1, 30}}) {
        const auto heights = random_heights(extent, highest, random);
        Array3<std::uint32_t> seeds(extent);
        for (std::uint32_t seed = 1; seed <= 6; ++seed)
          seeds.voxels()[random.below(static_cast<std::uint32_t>(seeds.size()))] = 1 + random.below(6);
        for (std::size_t i = 0; i < seeds.voxels().size(); ++i)
          if (heights.voxels()[i] == 0) seeds.voxels()[i] = 0;
        const auto expected = test::plain_flood(heights, seeds, connectivity);
        EXPECT_EQ(values_of(flood_from_seeds(heights, std::move(seeds), connectivity)), values_of(expected));
      }
}

Array3<std::int64_t> line(const std::vector<std::int64_t>& values) {
  Array3<std::int64_t> array({1, 1, std::ssize(values)});
  std::copy(values.begin(), values.end(), array.voxels().begin());
  return array;
}

std::vector<std::uint32_t> flooded(const std::vector<std::int64_t>& heights,
                                   const std::vector<std::uint32_t>& seeds) {
  Array3<std::uint32_t> numbers({1, 1, std::ssize(seeds)});
  std::copy(seeds.begin(), seeds.end(), numbers.voxels().begin());
  return values_of(flood_from_seeds(line(heights), std::move(numbers), Connectivity::six));
}

using Numbers = std::vector<std::uint32_t>;

TEST(WatershedTest, APlainIsHalvedAndItsMiddleGoesToTheLowerSeed) {
  EXPECT_EQ(flooded({5, 5, 5, 5, 5}, {2, 0, 0, 0, 1}), (Numbers{2, 2, 1, 1, 1}));
  EXPECT_EQ(flooded({5, 5, 5, 5}, {2, 0, 0, 1}), (Numbers{2, 2, 1, 1}));
}

TEST(WatershedTest, PartsMeetAtTheSaddle) {
  EXPECT_EQ(flooded({9, 8, 7, 6, 7, 8}, {1, 0, 0, 0, 0, 2}), (Numbers{1, 1, 1, 1, 2, 2}));
  EXPECT_EQ(flooded({9, 8, 7, 6, 5, 8}, {1, 0, 0, 0, 0, 2}), (Numbers{1, 1, 1, 1, 2, 2}));
  EXPECT_EQ(flooded({9, 2, 7, 6, 5, 8}, {1, 0, 0, 0, 0, 2}), (Numbers{1, 1, 2, 2, 2, 2}));
}

TEST(WatershedTest, ARiseWithoutASeedBelongsToWhoComesThereFirst) {
  EXPECT_EQ(flooded({9, 3, 7, 2, 2, 8}, {1, 0, 0, 0, 0, 2}), (Numbers{1, 1, 1, 1, 2, 2}));
}

TEST(WatershedTest, WhatNoSeedReachesHasNoNumber) {
  EXPECT_EQ(flooded({9, 0, 7}, {1, 0, 0}), (Numbers{1, 0, 0}));
  EXPECT_EQ(flooded({9, 4}, {0, 0}), (Numbers{0, 0}));
}

}  // namespace
}  // namespace cleft
