#include "report/contrast.hpp"

#include <limits>
#include <numeric>

#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(Contrast, cuts_the_darkest_and_the_lightest) {
  std::vector<float> values(10001);
  std::iota(values.begin(), values.end(), 0.0F);
  const Contrast contrast = contrast_of(values);
  EXPECT_EQ(contrast.black, 30);
  EXPECT_EQ(contrast.white, 9970);
  EXPECT_EQ(contrast(-5), 0);
  EXPECT_EQ(contrast(30), 0);
  EXPECT_EQ(contrast(5000), 128);
  EXPECT_EQ(contrast(9970), 255);
  EXPECT_EQ(contrast(1e9), 255);
}

TEST(Contrast, does_not_count_what_is_no_number) {
  const float nan = std::numeric_limits<float>::quiet_NaN(),
              infinity = std::numeric_limits<float>::infinity();
  const Contrast contrast = contrast_of({nan, infinity, 2, 4, -infinity});
  EXPECT_EQ(contrast.black, 2);
  EXPECT_EQ(contrast.white, 4);
}

TEST(Contrast, of_one_value_shows_it_as_middle_grey) {
  for (const float value : {0.0F, 7.0F, 60000.0F}) {
    const Contrast contrast = contrast_of({value, value, value});
    EXPECT_NEAR(contrast(value), 127.5, 0.6) << value;
  }
  EXPECT_EQ(contrast_of({})(300), 255);
}

}  // namespace
}  // namespace cleft
