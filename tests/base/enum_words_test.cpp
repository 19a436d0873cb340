#include "base/enum_words.hpp"

#include <gtest/gtest.h>

namespace cleft {

enum class Weather { sun, rain };

template <>
struct EnumWords<Weather> {
  static constexpr auto list =
      std::to_array<EnumWord<Weather>>({{Weather::sun, "sunny"}, {Weather::rain, "rainy"}});
};

namespace {

enum class Wordless { a };
static_assert(HasWords<Weather> && !HasWords<Wordless>);

TEST(EnumWords, EachValueHasAWordThatReadsBack) {
  EXPECT_EQ(to_string(Weather::rain), "rainy");
  for (const Weather weather : {Weather::sun, Weather::rain})
    EXPECT_EQ(parse_enum<Weather>(to_string(weather)), weather);
}

TEST(EnumWords, OtherWordsStandForNothing) {
  for (const char* word : {"", "rain", "sunny ", "Sunny"}) EXPECT_EQ(parse_enum<Weather>(word), std::nullopt);
}

}  // namespace
}  // namespace cleft
