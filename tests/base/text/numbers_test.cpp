#include "base/text/numbers.hpp"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(NumberFrom, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(number_from<std::int64_t>("12"), 12);
  EXPECT_EQ(number_from<std::int64_t>("-3"), -3);
  EXPECT_EQ(number_from<std::int64_t>("007"), 7);
  EXPECT_EQ(number_from<double>("4.6"), 4.6);
  EXPECT_EQ(number_from<double>("1e-3"), 1e-3);
  EXPECT_EQ(number_from<double>("12"), 12);
  for (const auto* text : {"", " 12", "12 ", "+12", "12.0", "1e3", "0x1f", "twelve", "1,2", "-"})
    EXPECT_EQ(number_from<std::int64_t>(text), std::nullopt) << text;
  for (const auto* text : {"", " 1.5", "1.5nm", "1,5", ".", "e5"})
    EXPECT_EQ(number_from<double>(text), std::nullopt) << text;
}

TEST(NumberFrom, GivesOnlyWhatFits) {
  EXPECT_EQ(number_from<int>("2147483647"), std::numeric_limits<int>::max());
  EXPECT_EQ(number_from<int>("2147483648"), std::nullopt);
  EXPECT_EQ(number_from<std::uint64_t>("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(number_from<std::uint64_t>("18446744073709551616"), std::nullopt);
  EXPECT_EQ(number_from<std::uint64_t>("-1"), std::nullopt);
  EXPECT_EQ(number_from<std::int64_t>("9223372036854775808"), std::nullopt);
  for (const auto* text : {"inf", "-inf", "nan", "1e999"})
    EXPECT_EQ(number_from<double>(text), std::nullopt) << text;
}

TEST(TakeNumber, LeavesWhatFollows) {
  std::string_view text = "32:33,x";
  EXPECT_EQ(take_number<std::int64_t>(text), 32);
  EXPECT_EQ(text, ":33,x");
  EXPECT_EQ(take_number<std::int64_t>(text), std::nullopt);
  EXPECT_EQ(text, ":33,x");
  std::string_view infinite = "inf", large = "99999999999,1";
  EXPECT_EQ(take_number<double>(infinite), std::nullopt);
  EXPECT_EQ(infinite, "inf");
  EXPECT_EQ(take_number<int>(large), std::nullopt);
  EXPECT_EQ(large, "99999999999,1");
}

TEST(CommaInNumber, IsOneBetweenTwoDigits) {
  for (const auto* text : {"4,6", "-4,6", "1,000", "0,5e-3"}) EXPECT_TRUE(has_comma_in_number(text)) << text;
  for (const auto* text : {"", ",", "4.6", "4,", ",6", "4,6,7", "a,b", "4, 6", "4.5,6", "4,6nm"})
    EXPECT_FALSE(has_comma_in_number(text)) << text;
}

}  // namespace
}  // namespace cleft
