#include "io/axistags.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Axistags, AreReadWithTheirResolutions) {
  const auto tags = parse_axistags(R"({"axes": [{"key": "z", "resolution": 47.5}, {"key": "c"}]})", "d");
  ASSERT_EQ(tags.size(), 2U);
  EXPECT_EQ(tags[0].key, 'z');
  EXPECT_EQ(tags[0].resolution, 47.5);
  EXPECT_EQ(tags[1].resolution, 0);
  EXPECT_EQ(axis_letters(tags), "zc");
}

TEST(Axistags, ThatAreNoneAreRefused) {
  for (const char* json :
       {"", "[1]", "{}", R"({"axes": 3})", R"({"axes": [3]})", R"({"axes": [{"key": 3}]})", "{\"axes\": ["})
    EXPECT_THAT([&] { parse_axistags(json, "a.h5:/d"); },
                ThrowsMessage<InputError>(HasSubstr("a.h5:/d: is not a list of axes")))
        << json;
  EXPECT_THAT([&] { parse_axistags(R"({"axes": [{"key": "depth"}]})", "d"); },
              ThrowsMessage<InputError>(HasSubstr("has an axis \"depth\"")));
}

}  // namespace
}  // namespace cleft
