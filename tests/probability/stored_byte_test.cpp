#include "probability/stored_byte.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

#include <gtest/gtest.h>

namespace cleft {
namespace {

std::uint8_t by_definition(float p) {
  return static_cast<std::uint8_t>(std::lround(255.0F * p));
}

TEST(StoredProbabilityByte, IsTheNearestStep) {
  EXPECT_EQ(stored_probability_byte(0.0F), 0);
  EXPECT_EQ(stored_probability_byte(0.0019F), 0);
  EXPECT_EQ(stored_probability_byte(0.002F), 1);
  EXPECT_EQ(stored_probability_byte(0.5F), 128);
  EXPECT_EQ(stored_probability_byte(1.0F), 255);
}

TEST(StoredProbabilityByte, EveryStepSurvivesBeingReadAndStoredAgain) {
  for (int v = 0; v < 256; ++v) EXPECT_EQ(stored_probability_byte(static_cast<float>(v) / 255.0F), v);
}

/// So many floats on either side of each p that lies half way between two bytes, or at one.
TEST(StoredProbabilityByte, IsRoundedAsTheLibraryDoesNearEveryStep) {
  for (int half = 0; half <= 510; ++half) {
    const auto middle = std::bit_cast<std::int32_t>(static_cast<float>(half) / 510.0F);
    for (std::int32_t bits = middle - 2000; bits <= middle + 2000; ++bits) {
      const auto p = std::bit_cast<float>(bits);
      if (bits < 0 || p > 1.0F) continue;
      ASSERT_EQ(stored_probability_byte(p), by_definition(p)) << p;
    }
  }
}

/// Every 997th of the floats from 0 to 1, denormal ones too.
TEST(StoredProbabilityByte, IsRoundedAsTheLibraryDoesBetweenSteps) {
  const auto one = std::bit_cast<std::uint32_t>(1.0F);
  for (std::uint32_t bits = 0; bits <= one; bits += 997) {
    const auto p = std::bit_cast<float>(bits);
    ASSERT_EQ(stored_probability_byte(p), by_definition(p)) << p;
  }
}

}  // namespace
}  // namespace cleft
