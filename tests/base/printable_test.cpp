#include "base/printable.hpp"

#include <string>

#include <gmock/gmock.h>

namespace cleft {
namespace {

using std::string_literals::operator""s;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST(Printable, LeavesWhatCanBeReadAsItIs) {
  for (const auto* const text : {"", "raw.h5:/raw", "säge/脑.h5", "back\\slash", "\xf0\x9f\xa7\xa0"})
    EXPECT_EQ(printable(text), text);
}

/// Each of these clears a screen, overwrites a message, cuts it off or turns it round.
TEST(Printable, ShowsWhatWouldSteerATerminal) {
  EXPECT_EQ(printable("\x1b[2Ja"), "\\x1b[2Ja");
  EXPECT_EQ(printable("a\rb\tc\x7f"), "a\\rb\\tc\\x7f");
  EXPECT_EQ(printable("a\0b"s), "a\\0b");
  EXPECT_EQ(printable("\xc2\x9b"), "\\u009b");  // the one-character form of ESC [
  EXPECT_EQ(printable("a\xe2\x80\xae"
                      "b"),
            "a\\u202eb");  // right-to-left override
  EXPECT_EQ(printable("a\xe2\x80\xa8"
                      "b"),
            "a\\u2028b");  // line separator
}

TEST(Printable, IsOneLine) {
  EXPECT_EQ(printable("first\nsecond\n"), "first second ");
}

/// Paths are bytes: a folder named in Latin-1.
TEST(Printable, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(printable("s\xe4ge/raw.h5"), "s\\xe4ge/raw.h5");
  EXPECT_EQ(printable("cut\xe2\x82"), "cut\\xe2\\x82");
}

TEST(Printable, ChangesNothingTheSecondTime) {
  const std::string once = printable("a\x1b\r\xe4\n" + std::string(5000, 'x'), 60);
  EXPECT_EQ(printable(once), once);
}

TEST(Printable, KeepsBothEndsOfALongText) {
  EXPECT_EQ(printable("abcdefghij", 10), "abcdefghij");
  EXPECT_EQ(printable("abcdefghijk", 10), "abcdefg[... 11 bytes in all ...]ijk");
  const std::string text = "begin" + std::string(30'000'000, 'a') + "end";
  EXPECT_THAT(printable(text),
              AllOf(StartsWith("begina"), EndsWith("aend"), HasSubstr("30000008 bytes"), SizeIs(Le(1100))));
}

TEST(Printable, DoesNotCutACharacterInTwo) {
  std::string text;
  for (int i = 0; i < 4000; ++i) text += "ä";
  for (const std::size_t length : {10U, 11U, 100U, 1999U, 2500U}) {
    const std::string cut = printable(text, length);
    EXPECT_THAT(cut, AllOf(StartsWith("ä"), EndsWith("ä")));
    EXPECT_THAT(cut.substr(0, cut.find('[')), ::testing::Not(HasSubstr("\\x")));
  }
}

TEST(InQuotes, PutsAShortFormOfTheValueInQuotes) {
  EXPECT_EQ(in_quotes("ax\x1b"), "'ax\\x1b'");
  EXPECT_THAT(in_quotes(std::string(30'000'000, 'a')), SizeIs(Le(150)));
}

}  // namespace
}  // namespace cleft
