#include "io/sections/section_names.hpp"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return natural_less(a, b); });
  return names;
}

TEST(NaturalOrder, NumbersCountAsNumbers) {
  EXPECT_THAT(sorted({"img10.tif", "img2.tif", "img1.tif"}),
              ElementsAre("img1.tif", "img2.tif", "img10.tif"));
  EXPECT_THAT(sorted({"a2b10", "a2b9", "a10b1"}), ElementsAre("a2b9", "a2b10", "a10b1"));
  EXPECT_THAT(sorted({"s009", "s10", "s0008"}), ElementsAre("s0008", "s009", "s10"));
  EXPECT_THAT(sorted({"x99999999999999999999999", "x100000000000000000000000"}),
              ElementsAre("x99999999999999999999999", "x100000000000000000000000"));
}

TEST(NaturalOrder, IsAStrictOrder) {
  const std::vector<std::string> names{"", "1", "01", "a", "a1", "a01", "a1b", "b", "10", "a0", "a00", "a.1"};
  for (const auto& a : names) {
    EXPECT_FALSE(natural_less(a, a)) << a;
    for (const auto& b : names) {
      EXPECT_EQ(a == b, !natural_less(a, b) && !natural_less(b, a)) << a << " " << b;
      for (const auto& c : names)
        if (natural_less(a, b) && natural_less(b, c)) {
          EXPECT_TRUE(natural_less(a, c)) << a << " " << b << " " << c;
        }
    }
  }
}

TEST(Numbering, WithoutHolesIsAccepted) {
  EXPECT_NO_THROW(check_numbering({}));
  EXPECT_NO_THROW(check_numbering({"only.tif"}));
  EXPECT_NO_THROW(check_numbering({"s8.tif", "s9.tif", "s10.tif"}));
  EXPECT_NO_THROW(check_numbering({"s_0000.tif", "s_0050.tif", "s_0100.tif"}));
  EXPECT_NO_THROW(check_numbering({"2019-run3_s1.tif", "2019-run3_s2.tif"}));
}

TEST(Numbering, NamesThatDoNotCountAreAccepted) {
  EXPECT_NO_THROW(check_numbering({"a.tif", "b.tif"}));
  EXPECT_NO_THROW(check_numbering({"r1_s1.tif", "r2_s5.tif"}));
  EXPECT_NO_THROW(check_numbering({"a1.tif", "a2_new.tif", "a9.tif"}));
}

TEST(Numbering, AHoleIsNamedByItsNeighbours) {
  EXPECT_THAT(
      [] {
        check_numbering({"d/s8.tif", "d/s9.tif", "d/s11.tif", "d/s12.tif"});
      },
      ThrowsMessage<InputError>(
          HasSubstr("d/s9.tif: is followed by s11.tif; expected number 10: a section is missing")));
  EXPECT_THAT(
      [] {
        check_numbering({"s0.tif", "s5.tif", "s15.tif"});
      },
      ThrowsMessage<InputError>(AllOf(HasSubstr("s5.tif"), HasSubstr("number 10"))));
}

TEST(Numbering, ANumberTwiceIsRefused) {
  EXPECT_THAT(
      [] {
        check_numbering({"s1.tif", "s01.tif", "s2.tif"});
      },
      ThrowsMessage<InputError>(HasSubstr("s01.tif: has the same number as s1.tif")));
}

}  // namespace
}  // namespace cleft
