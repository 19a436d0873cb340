#include "features/vigra/vigra_eigenvalues.hpp"

#include <array>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleft::features {
namespace {

using testing::ElementsAre;
using testing::FloatNear;

/// Eigenvalues of one matrix.
std::vector<float> values_of(std::vector<float> entries) {
  std::vector<View3<const float>> in;
  for (const float& entry : entries) in.emplace_back(&entry, Extent{1, 1, 1});
  std::vector<float> values(entries.size() == 3 ? 2 : 3);
  std::vector<View3<float>> out;
  for (float& value : values) out.emplace_back(&value, Extent{1, 1, 1});
  vigra_eigenvalues(in, out);
  return values;
}

TEST(VigraEigenvalues, AreThoseOfADiagonalMatrixLargestFirst) {
  EXPECT_THAT(values_of({-3, 0, 5}), ElementsAre(5.0F, -3.0F));
  EXPECT_THAT(values_of({1, 0, 0, 4, 0, -2}),
              ElementsAre(FloatNear(4, 1e-6F), FloatNear(1, 1e-6F), FloatNear(-2, 1e-6F)));
}

TEST(VigraEigenvalues, AreExactForAKnownMatrix) {
  EXPECT_THAT(values_of({1, 2, 4}), ElementsAre(5.0F, 0.0F));  // hypot(-3, 4) = 5
  // (2 1 0; 1 2 1; 0 1 2) has 2 + sqrt(2), 2, 2 - sqrt(2)
  EXPECT_THAT(values_of({2, 1, 0, 2, 1, 2}),
              ElementsAre(FloatNear(3.4142135F, 1e-6F), FloatNear(2, 1e-6F), FloatNear(0.5857865F, 1e-6F)));
}

TEST(VigraEigenvalues, OfNothingAreZero) {
  EXPECT_THAT(values_of({0, 0, 0}), ElementsAre(0.0F, 0.0F));
  EXPECT_THAT(values_of({0, 0, 0, 0, 0, 0}), ElementsAre(0.0F, 0.0F, 0.0F));
}

/// a - c is a float: 2^24 + 1 loses its last bit before anything is double.
TEST(VigraEigenvalues, RoundSumsOfEntriesToFloat) {
  EXPECT_THAT(values_of({0x1p24F, 0, -1}), ElementsAre(0x1p24F, -0.5F));
}

}  // namespace
}  // namespace cleft::features
