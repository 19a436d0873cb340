#include "threshold/ratios.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

TEST(Ratios, AreForegroundToBackground) {
  EXPECT_EQ(ratio_of(0.75F, std::uint8_t{0}, Background::smoothed), 3.0F);
  EXPECT_EQ(ratio_of(0.75F, 0.5F, Background::raw), 1.5F);
  EXPECT_EQ(ratio_of(1.0F, 0.5F, Background::smoothed), std::numeric_limits<float>::infinity());
  EXPECT_EQ(ratio_of(0.5F, std::uint8_t{255}, Background::raw), std::numeric_limits<float>::infinity());
}

TEST(Ratios, TheHighestOfABoxIsThatOfItsVoxels) {
  for (const auto background : {Background::smoothed, Background::raw}) {
    Random random(4);
    Array3<float> smoothed({3, 5, 37});
    Array3<std::uint8_t> stored(smoothed.extent());
    float highest = 0;
    for (std::size_t i = 0; i < smoothed.voxels().size(); ++i) {
      smoothed.voxels()[i] = static_cast<float>(0.9 * random.uniform());
      stored.voxels()[i] = static_cast<std::uint8_t>(random.below(250));
      highest = std::max(highest, ratio_of(smoothed.voxels()[i], stored.voxels()[i], background));
    }
    const View3<const std::uint8_t> p = stored.view();
    EXPECT_EQ(highest_ratio(smoothed.view(), p, background), highest);
  }
  const Array3<float> nothing({2, 2, 2});
  const Array3<std::uint8_t> full({2, 2, 2});
  EXPECT_EQ(highest_ratio(nothing.view(), full.view(), Background::smoothed), 0);
  EXPECT_EQ(highest_ratio(nothing.view(), full.view(), Background::raw), 0);
}

TEST(RatioCounts, ReachesWhatSoManyVoxelsHaveToAnEighthOfAnOctave) {
  Random random(9);
  std::vector<float> ratios;
  RatioCounts all, odd, even;
  for (int i = 0; i < 3000; ++i) {
    ratios.push_back(static_cast<float>(std::exp2(20 * random.uniform() - 6)));
    const RatioStep step = ratio_step(ratios.back(), 1);
    all.add(step, ratios.back());
    (i % 2 == 0 ? even : odd).add(step, ratios.back());
  }
  std::sort(ratios.begin(), ratios.end(), std::greater<>());
  for (const std::int64_t voxels : {1, 2, 17, 1000, 3000}) {
    const double reached = all.reached_by(voxels).value(),
                 exact = ratios[static_cast<std::size_t>(voxels - 1)];
    EXPECT_LT(reached, exact);
    EXPECT_GT(reached * 1.125, exact);
  }
  EXPECT_EQ(all.reached_by(3001), std::nullopt);
  EXPECT_EQ(all.highest(), ratios.front());
  odd.add(even);
  for (const std::int64_t voxels : {1, 17, 1000}) EXPECT_EQ(odd.reached_by(voxels), all.reached_by(voxels));
  EXPECT_EQ(odd.highest(), all.highest());
}

TEST(RatioCounts, AVoxelPassesARatioAsInTheCoreMask) {
  RatioCounts counts;
  const float above = std::nextafter(4.0F, 5.0F);
  for (const float ratio : {4.0F, above}) counts.add(ratio_step(ratio, 1), ratio);
  EXPECT_EQ(counts.reached_by(1), 4.0);  // a core_ratio of 4 leaves the one that is above
  EXPECT_EQ(counts.reached_by(2), 3.75);
}

TEST(RatioCounts, CountAnythingThatARatioCanBe) {
  RatioCounts counts;
  for (const float ratio : {0.0F, 1e-30F, 1e30F, std::numeric_limits<float>::infinity()})
    counts.add(ratio_step(ratio, 1), ratio);
  EXPECT_TRUE(std::isinf(counts.highest()));
  EXPECT_GE(counts.reached_by(2).value(), 0x1p31);
  EXPECT_LE(counts.reached_by(3).value(), 0x1p-8);
}

}  // namespace
}  // namespace cleft
