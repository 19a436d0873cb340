#include "base/text/utf8.hpp"

#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(Utf8, IsTold) {
  for (const auto* text : {"", "Zelle", "M\xC3\xBCll", "\xE2\x82\xAC", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8(text)) << text;
}

TEST(Utf8, IsToldFromOtherBytes) {
  for (const auto* text :
       {"M\xFCll", "\x80", "\xC3", "\xE2\x82", "\xE2(\xAC", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF",
        "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80"})
    EXPECT_FALSE(is_utf8(text)) << text;
}

}  // namespace
}  // namespace cleft
