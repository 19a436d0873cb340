#include "io/sections/section_names.hpp"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

std::vector<NameParts> parts(const std::vector<std::string>& names) {
  std::vector<NameParts> all;
  for (const std::string& name : names) all.push_back(parts_of(name));
  return all;
}

TEST(NameKinds, AreNamesWithoutNumbersAndSigns) {
  EXPECT_EQ(parts_of("S1_a-02.TIF").kind, parts_of("s30_a7.tif").kind);
  EXPECT_NE(parts_of("s1.tif").kind, parts_of("s1_thumb.tif").kind);
  EXPECT_NE(parts_of("img.tif").kind, parts_of("img1.tif").kind);
  EXPECT_EQ(parts_of("a12b3").numbers.size(), 2U);
}

TEST(NameCounters, AHyphenIsASignWhereItIsNotInAllNames) {
  EXPECT_THAT(counters_of(parts({"z-1", "z0", "z+1"})).front().values, ElementsAre(-1, 0, 1));
  EXPECT_THAT(counters_of(parts({"z-1", "z-2"})).front().values, ElementsAre(1, 2));
  EXPECT_THAT(counters_of(parts({"z+1", "z2"})).front().values, ElementsAre(1, 2));
  EXPECT_THAT(counters_of(parts({"a-1_z-1", "a-1_z1"})).back().values, ElementsAre(-1, 1));
}

TEST(NameCounters, DatesAndTimesAreOneNumber) {
  const auto values = [](const std::vector<std::string>& names) {
    return counters_of(parts(names)).front().values;
  };
  EXPECT_THAT(values({"2019-05-31", "2019-06-01"}), ElementsAre(18047, 18048));
  EXPECT_THAT(values({"x20190531.tif", "x20190601.tif"}), ElementsAre(18047, 18048));
  EXPECT_THAT(values({"1970-01-01_23-59-59", "1970-01-02_00-00-01"}), ElementsAre(86399, 86401));
  EXPECT_EQ(counters_of(parts({"2019-13-31", "2019-06-01"})).size(), 3U);
  EXPECT_THAT(values({"00000001", "00000002"}), ElementsAre(1, 2));
}

TEST(NameCounters, DecimalsAreOneNumberWhereTheirDigitsAreAsMany) {
  const auto all = counters_of(parts({"z=0.9907um", "z=1.0059um"}));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all.front().values, ElementsAre(9907, 10059));
  EXPECT_EQ(counters_of(parts({"v1.9", "v1.10"})).size(), 2U);
  EXPECT_EQ(counters_of(parts({"1.2.3", "1.2.4"})).size(), 3U);
}

TEST(NameCounters, AreCalledByTheLettersBeforeThem) {
  const auto all = counters_of(parts({"img_channel000_z001.png", "img_channel000_z002.png"}));
  EXPECT_EQ(all.front().label, "channel");
  EXPECT_EQ(all.back().label, "z");
  EXPECT_FALSE(all.front().varies());
  EXPECT_TRUE(all.back().varies());
  EXPECT_EQ(counters_of(parts({"0001.png", "0002.png"})).front().label, "number 1");
}

TEST(NameCounters, NumbersOfAnyLengthDoNotOverflow) {
  const std::string one(30, '1'), other(30, '2');
  EXPECT_TRUE(counters_of(parts({"s" + one, "s" + other})).front().varies());
  EXPECT_FALSE(counters_of(parts({"u" + one + "_1", "u" + one + "_2"})).front().varies());
  EXPECT_THAT(counters_of(parts({std::string(40, '0') + "7", "8"})).front().values, ElementsAre(7, 8));
}

TEST(NamePatterns, FitOneSeriesAndNoOther) {
  const auto pattern = [](const std::vector<std::string>& names, const std::vector<std::string>& others) {
    const auto all = parts(names);
    const auto counters = counters_of(all);
    std::vector<const NameCounter*> varying;
    for (const auto& counter : counters)
      if (counter.varies()) varying.push_back(&counter);
    return pattern_for(all, parts(others), varying);
  };
  EXPECT_EQ(pattern({"s1.tif", "s20.tif"}, {"t1.tif"}), "s*.tif");
  EXPECT_EQ(pattern({"s1.tif", "s20.tif"}, {"s1_thumb.tif"}), "s*[0-9].tif");
  EXPECT_EQ(pattern({"s1.tif", "s2.tif"}, {"s1_2.tif"}), "s[0-9].tif");
  EXPECT_EQ(pattern({"a[1].tif", "a[2].tif"}, {"b.tif"}), "a[[]*].tif");
  EXPECT_EQ(pattern({"s1.tif", "s20.tif"}, {"s1_2.tif"}), "");
}

}  // namespace
}  // namespace cleft
