#include "features/vigra/vigra_kernel.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleft::features {
namespace {

using testing::DoubleEq;
using testing::DoubleNear;
using testing::ElementsAre;

TEST(VigraKernel, SmoothsWithWholeSumOne) {
  const double e = std::exp(-2.0);  // sigma 0.5: radius 1, g(1) / g(0)
  const double side = e / (1.0 + 2.0 * e);
  for (const auto arithmetic : {VigraArithmetic::doubles, VigraArithmetic::rounded_products}) {
    const VigraKernel kernel = vigra_kernel(arithmetic, 0, 0.5, 2.0);
    EXPECT_EQ(kernel.arithmetic, arithmetic);
    EXPECT_EQ(kernel.radius(), 1);
    EXPECT_THAT(kernel.taps, ElementsAre(DoubleEq(side), DoubleEq(1.0 - 2.0 * side), DoubleEq(side)));
  }
}

TEST(VigraKernel, HasTapsThatAreFloatsWhereItsArithmeticIs) {
  const VigraKernel kernel = vigra_kernel(VigraArithmetic::floats, 0, 1.0, 2.0);
  ASSERT_EQ(kernel.taps.size(), 5U);
  for (const double tap : kernel.taps) EXPECT_EQ(tap, static_cast<double>(static_cast<float>(tap)));
  const double sum = 1.0 + 2.0 * (std::exp(-0.5) + std::exp(-2.0));
  EXPECT_NEAR(kernel.taps[2], 1.0 / sum, 1e-7);
  EXPECT_NEAR(kernel.taps[0], std::exp(-2.0) / sum, 1e-7);
}

TEST(VigraKernel, TakesHalfTheDifferenceOfTheNeighboursAtRadiusOne) {
  for (const double sigma : {0.3, 0.7})
    EXPECT_THAT(vigra_kernel(VigraArithmetic::floats, 1, sigma, 2.0).taps,
                ElementsAre(DoubleNear(-0.5, 1e-7), 0.0, DoubleNear(0.5, 1e-7)));
}

TEST(VigraKernel, TakesTheSecondDifferenceAtRadiusOne) {
  for (const double sigma : {0.3, 0.7}) {
    const auto taps = vigra_kernel(VigraArithmetic::floats, 2, sigma, 2.0).taps;
    ASSERT_EQ(taps.size(), 3U);
    EXPECT_NEAR(taps[0], 1.0, 1e-6);
    EXPECT_NEAR(taps[1], -2.0, 1e-6);
    EXPECT_NEAR(taps[2], 1.0, 1e-6);
  }
}

/// sigma 1, radius 2, order 1: x * g(x) over twice the sum of x * x * g(x).
TEST(VigraKernel, HasSlopeOneOnARamp) {
  const double g1 = std::exp(-0.5), g2 = std::exp(-2.0), norm = 2.0 * (g1 + 4.0 * g2);
  const auto taps = vigra_kernel(VigraArithmetic::floats, 1, 1.0, 2.0).taps;
  ASSERT_EQ(taps.size(), 5U);
  EXPECT_NEAR(taps[0], -2.0 * g2 / norm, 1e-7);
  EXPECT_NEAR(taps[1], -g1 / norm, 1e-7);
  EXPECT_NEAR(taps[2], 0.0, 1e-8);
  EXPECT_NEAR(taps[3], g1 / norm, 1e-7);
  EXPECT_NEAR(taps[4], 2.0 * g2 / norm, 1e-7);
}

}  // namespace
}  // namespace cleft::features
