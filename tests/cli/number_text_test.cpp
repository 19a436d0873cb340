#include "cli/number_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::Optional;

TEST(NumberText, holds_numbers_with_one_separator_between_them) {
  EXPECT_THAT(numbers_in<double>("45,4.6,-1e3", ','), Optional(ElementsAre(45, 4.6, -1000)));
  EXPECT_THAT(numbers_in<std::int64_t>("5:10", ':'), Optional(ElementsAre(5, 10)));
  EXPECT_THAT(numbers_in<std::int64_t>("7", ','), Optional(ElementsAre(7)));
}

TEST(NumberText, that_is_anything_else_gives_nothing) {
  for (const char* text : {"", ",", "1,", ",1", "1,,2", "1 ,2", "a", "1,b", "0x10", "nan", "inf", "1e999"})
    EXPECT_EQ(numbers_in<double>(text, ','), std::nullopt) << text;
  for (const char* text : {"1.5", "99999999999999999999"})
    EXPECT_EQ(numbers_in<std::int64_t>(text, ','), std::nullopt) << text;
}

TEST(NotThreeNumbers, says_what_may_have_been_meant) {
  EXPECT_EQ(not_three_numbers("8,8", false), "'8,8' is not three numbers z,y,x such as 45,4.6,4.6");
  EXPECT_EQ(not_three_numbers("4.5,6,7", true),
            "'4.5,6,7' is not three whole numbers z,y,x such as 40,128,128");
  EXPECT_EQ(not_three_numbers("45,4,6,4,6", false),
            "'45,4,6,4,6' is 5 numbers, not three numbers z,y,x such as 45,4.6,4.6 (numbers are written 4.6 "
            "or 1000, without a comma)");
}

TEST(Check, of_a_value_says_what_was_found_and_what_is_taken) {
  EXPECT_EQ(a_number_at_least_zero()("0"), "");
  EXPECT_EQ(a_number_at_least_zero()("nan"), "'nan' is not a number >= 0");
  EXPECT_EQ(a_fraction_above_zero()("1"), "");
  EXPECT_EQ(a_fraction_above_zero()("0"), "'0' is not a number above 0 and at most 1");
  EXPECT_EQ(a_fraction_above_zero()("0,5"),
            "'0,5' is not a number above 0 and at most 1 (numbers are written 4.6 or 1000, without a comma)");
  EXPECT_EQ(a_whole_number_at_least(0)("12"), "");
  EXPECT_EQ(a_whole_number_at_least(1)("0"), "'0' is not a whole number >= 1");
  EXPECT_EQ(a_whole_number_at_least(0)("x"), "'x' is not a whole number >= 0");
  EXPECT_EQ(one_of_the_words({"all", "predict"})("predict"), "");
  EXPECT_EQ(one_of_the_words({"all", "predict"})("1"), "'1' is none of all, predict");
}

}  // namespace
}  // namespace cleft
