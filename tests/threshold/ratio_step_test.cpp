#include "threshold/ratio_step.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

TEST(RatioStep, BeginningsAreTheNumbersOf8SignificantBits) {
  EXPECT_EQ(begin_of(0), 0);
  RatioStep step = 0;
  for (int octave = -8; octave < 32; ++octave)
    for (int fraction = 0; fraction < 128; ++fraction)
      EXPECT_EQ(begin_of(++step), std::ldexp(1 + fraction / 128.0, octave));
  EXPECT_EQ(++step, last_ratio_step);
  EXPECT_EQ(begin_of(last_ratio_step), 0x1p32F);
}

/// By trying all steps, from the highest.
RatioStep plain_step(float f, float b) {
  for (RatioStep step = last_ratio_step; step > 0; --step)
    if (f > begin_of(step) * b) return step;
  return 0;
}

TEST(RatioStep, IsTheHighestWhoseMaskHasTheVoxel) {
  Random random(3);
  for (int i = 0; i < 2000; ++i) {
    const auto f = static_cast<float>(i % 3 == 0 ? 1 - std::exp2(-26 * random.uniform()) : random.uniform());
    const float b = i % 5 == 0 ? static_cast<float>(random.uniform()) : 1.0F - f;
    EXPECT_EQ(ratio_step(f, b), plain_step(f, b)) << f << ' ' << b;
  }
}

TEST(RatioStep, AtAndBesideEachBeginning) {
  for (RatioStep step = 1; step <= last_ratio_step; ++step) {
    const float r = begin_of(step), b = 0.37F, exact = r * b;
    EXPECT_EQ(ratio_step(exact, b), step - 1) << r;  // not above it
    EXPECT_EQ(ratio_step(std::nextafter(exact, 1e30F), b), step) << r;
  }
}

TEST(RatioStep, OfNoBackgroundOrNothingAtAll) {
  EXPECT_EQ(ratio_step(1, 0), last_ratio_step);
  EXPECT_EQ(ratio_step(1.0000001F, -1e-7F), last_ratio_step);
  EXPECT_EQ(ratio_step(1, 1e-30F), last_ratio_step);
  EXPECT_EQ(ratio_step(0, 1), 0);
  EXPECT_EQ(ratio_step(0, 0), 0);
  EXPECT_EQ(ratio_step(1e-6F, 1), 0);
}

TEST(RatioStep, AreFoundForRatios) {
  for (const double ratio : {0.5, 1.0, 2.5, 3.0, 7.0, 10.0, 127.5, 255.0, 256.0, 1000.0, 0x1p32}) {
    const auto step = step_beginning_at(ratio);
    ASSERT_TRUE(step) << ratio;
    EXPECT_EQ(begin_of(*step), ratio);
    EXPECT_EQ(first_step_from(ratio), *step);
  }
  for (const double ratio : {0.0, -1.0, 1.1, 257.5, 1001.0, 0x1p33, std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::quiet_NaN()})
    EXPECT_FALSE(step_beginning_at(ratio)) << ratio;
  EXPECT_EQ(begin_of(first_step_from(1.1)), 1 + 13 / 128.0F);
  EXPECT_EQ(first_step_from(0), 0);
  EXPECT_EQ(first_step_from(1e-9), 1);
}

}  // namespace
}  // namespace cleft
