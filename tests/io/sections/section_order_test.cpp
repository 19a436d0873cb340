#include "io/sections/section_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

using Names = std::vector<std::string>;

OrderedFiles order(const Names& names, bool allow_missing = false, NameUse use = NameUse::checked) {
  return order_files({names.begin(), names.end()}, use, allow_missing);
}

Names ordered(const Names& names) {
  Names texts;
  for (const auto& file : order(names).files) texts.push_back(file.string());
  return texts;
}

void expect_refused(const Names& names, const std::string& message) {
  EXPECT_THAT([&] { order(names); }, ThrowsMessage<InputError>(HasSubstr(message)));
}

TEST(SectionOrder, OneNumberWithoutHolesIsAccepted) {
  EXPECT_THAT(ordered({}), IsEmpty());
  EXPECT_THAT(ordered({"only.tif"}), ElementsAre("only.tif"));
  EXPECT_THAT(ordered({"s10.tif", "s8.tif", "s9.tif"}), ElementsAre("s8.tif", "s9.tif", "s10.tif"));
  EXPECT_THAT(ordered({"2019-run3_s1.tif", "2019-run3_s2.tif"}),
              ElementsAre("2019-run3_s1.tif", "2019-run3_s2.tif"));
  const auto plain = order({"s8.tif", "s9.tif", "s10.tif"});
  EXPECT_THAT(plain.notes, IsEmpty());
  EXPECT_THAT(plain.warnings, IsEmpty());
}

TEST(SectionOrder, ConstantStepsAreTold) {
  const auto found = order({"s_0000.tif", "s_0050.tif", "s_0100.tif"});
  EXPECT_THAT(found.notes, ElementsAre(HasSubstr("in steps of 50, from s_0000.tif to s_0100.tif")));
  EXPECT_THAT(order({"s2.tif", "s4.tif", "s6.tif"}).notes, ElementsAre(HasSubstr("in steps of 2")));
}

TEST(SectionOrder, AHoleIsNamedByItsNeighbours) {
  expect_refused({"d/s8.tif", "d/s9.tif", "d/s11.tif", "d/s12.tif"},
                 "d/s9.tif: is followed by s11.tif; expected number 10: a section is missing");
  EXPECT_THAT(
      [] {
        order({"s0.tif", "s5.tif", "s15.tif"});
      },
      ThrowsMessage<InputError>(AllOf(HasSubstr("s5.tif"), HasSubstr("number 10"), HasSubstr("--missing"))));
}

TEST(SectionOrder, ANumberTwiceIsRefused) {
  expect_refused({"s1.tif", "s01.tif", "s2.tif"}, "s1.tif: has the same number as s01.tif");
  expect_refused({"s1.tif", "s+1.tif"}, "has the same number as");
  expect_refused({"s1_z10.tif", "s01_z10.tif", "s2_z20.tif"}, "has the same number as");
}

TEST(SectionOrder, SignsCount) {
  EXPECT_THAT(ordered({"z-1.png", "z-2.png", "z0.png", "z1.png", "z2.png"}),
              ElementsAre("z-2.png", "z-1.png", "z0.png", "z1.png", "z2.png"));
  EXPECT_THAT(ordered({"z+00.png", "z+01.png", "z-01.png", "z-02.png"}),
              ElementsAre("z-02.png", "z-01.png", "z+00.png", "z+01.png"));
  expect_refused({"z-3.png", "z-2.png", "z0.png", "z1.png"},
                 "z-2.png: is followed by z0.png; expected number -1");
  EXPECT_THAT(ordered({"scan-1.png", "scan-2.png", "scan-3.png"}),
              ElementsAre("scan-1.png", "scan-2.png", "scan-3.png"));
  EXPECT_THAT(ordered({"scan-9.png", "scan-10.png"}), ElementsAre("scan-9.png", "scan-10.png"));
}

Names fib(const std::vector<int>& numbers) {
  Names names;
  for (const int i : numbers) {
    char text[64];
    std::snprintf(text, sizeof text, "slice_%05d_z=%.4fum.png", i, 0.1555 + 0.0152 * i);
    names.emplace_back(text);
  }
  return names;
}

TEST(SectionOrder, CountersThatRiseTogetherAreOneSeries) {
  std::vector<int> all(200);
  for (int i = 0; i < 200; ++i) all[static_cast<std::size_t>(i)] = i;
  EXPECT_THAT(ordered(fib(all)), ElementsAreArray(fib(all)));  // the depth goes from 0.9 to 1.0
  EXPECT_THAT(order(fib(all)).warnings, IsEmpty());
  expect_refused(fib({0, 1, 3, 4}), "slice_00001_z=0.1707um.png: is followed by slice_00003_z=0.2011um.png");
  expect_refused(
      {"sec000_2019-05-01.png", "sec001_2019-05-02.png", "sec003_2019-05-04.png", "sec004_2019-05-05.png"},
      "sec001_2019-05-02.png: is followed by sec003_2019-05-04.png; expected number 2");
  EXPECT_THAT(ordered({"r1_s1.tif", "r2_s5.tif"}), ElementsAre("r1_s1.tif", "r2_s5.tif"));
  EXPECT_THAT(ordered({"d1_s001.tif", "d1_s002.tif", "d2_s003.tif"}),
              ElementsAre("d1_s001.tif", "d1_s002.tif", "d2_s003.tif"));
}

TEST(SectionOrder, SectionsOverSeveralDaysAreOneSeries) {
  const Names days{"s001_2019-05-30.png", "s002_2019-05-30.png", "s003_2019-06-01.png",
                   "s004_2019-07-11.png"};
  EXPECT_THAT(ordered(days), ElementsAreArray(days));
  EXPECT_THAT(order(days).warnings, IsEmpty());
}

TEST(SectionOrder, DepthsAloneAreChecked) {
  EXPECT_THAT(ordered({"z0.153.tif", "z0.168.tif", "z0.183.tif", "z0.199.tif", "z0.214.tif"}).size(), 5U);
  expect_refused({"z0.153.tif", "z0.168.tif", "z0.183.tif", "z0.214.tif", "z0.229.tif"},
                 "z0.183.tif: is followed by z0.214.tif; expected 1 section between them");
}

TEST(SectionOrder, DatesAloneAreChecked) {
  const Names days{"2019-05-30.png", "2019-05-31.png", "2019-06-01.png"};
  EXPECT_THAT(ordered(days), ElementsAreArray(days));
  expect_refused({"2019-05-29.png", "2019-05-30.png", "2019-06-01.png", "2019-06-02.png"},
                 "2019-05-30.png: is followed");
  const Names times{"2019-05-30_10-00-00.png", "2019-05-30_10-07-13.png", "2019-05-30_10-08-00.png",
                    "2019-05-31_02-00-00.png"};
  EXPECT_THAT(ordered(times), ElementsAreArray(times));
  EXPECT_THAT(order(times).warnings, ElementsAre(HasSubstr("the dates in the names go on irregularly")));
}

TEST(SectionOrder, TwoSeriesAreRefusedWithAPatternForOne) {
  Names channels, tiles;
  for (int c = 0; c < 2; ++c)
    for (int z = 0; z < 3; ++z) {
      channels.push_back("d/img_channel00" + std::to_string(c) + "_position000_z00" + std::to_string(z) +
                         ".png");
      tiles.push_back("d/stack_g0000_t000" + std::to_string(c) + "_s0000" + std::to_string(z) + ".png");
    }
  expect_refused(channels,
                 "d: has names that count in 2 places: channel (2 values), z (3 values); expected one "
                 "series of sections, such as the pattern 'd/img_channel000_position000_z*.png'");
  expect_refused(tiles, "pattern 'd/stack_g0000_t0000_s*.png', or --names sorted");
  // A counter over all files, and channels that take turns.
  expect_refused({"i1_c1.tif", "i2_c2.tif", "i3_c1.tif", "i4_c2.tif"}, "count in 2 places");
  // One falls as the other rises: the order is not certain.
  expect_refused({"a1_b9.tif", "a2_b8.tif", "a3_b7.tif"}, "count in 2 places");
}

TEST(SectionOrder, NamesOfTwoKindsAreRefusedWithAPatternForOne) {
  expect_refused(
      {"d/s0.png", "d/s0_thumb.png", "d/s1.png", "d/s1_thumb.png"},
      "d: has names of 2 kinds: 's0.png' (2 files), 's0_thumb.png' (2 files); expected one series of "
      "sections, such as the pattern 'd/s*[0-9].png', or --names sorted");
  expect_refused({"img.png", "img (1).png", "img (2).png"}, "such as the pattern 'img (*).png'");
  expect_refused({"a1.tif", "a2_new.tif", "a9.tif"}, "names of 2 kinds");
  EXPECT_NO_THROW(order({"s1.tif", "S2.TIF", "s3.tiff"}));
}

TEST(SectionOrder, NamesWithoutNumbersAreTakenWithAWarning) {
  const auto found = order({"d/b.tif", "d/a.tif"});
  EXPECT_EQ(found.files.front(), "d/a.tif");
  EXPECT_THAT(found.warnings,
              ElementsAre(HasSubstr("the names have no numbers: taken in alphabetical order")));
}

TEST(SectionOrder, WhatCannotBeJudgedIsAWarning) {
  EXPECT_THAT(order({"s" + std::string(30, '1') + ".tif", "s" + std::string(30, '2') + ".tif"}).warnings,
              ElementsAre(HasSubstr("too long")));
  EXPECT_THAT(order({"a1_b10.tif", "a5_b12.tif", "a17_b19.tif", "a30_b47.tif"}).warnings,
              ElementsAre(HasSubstr("go on irregularly")));
}

TEST(SectionOrder, SortedNamesAreNotChecked) {
  const auto found = order({"a2_new.tif", "a10.tif", "a1.tif", "b.tif"}, false, NameUse::sorted);
  EXPECT_THAT(found.files, ElementsAre("a1.tif", "a2_new.tif", "a10.tif", "b.tif"));
}

TEST(SectionOrder, MissingSectionsAreCountedWhereThatIsAllowed) {
  EXPECT_THAT(order({"s1.tif", "s2.tif", "s5.tif", "s7.tif"}, true).missing_before, ElementsAre(0, 0, 2, 1));
  EXPECT_THAT(order({"s0.tif", "s10.tif", "s30.tif"}, true).missing_before, ElementsAre(0, 0, 1));
  EXPECT_THAT(order(fib({0, 1, 3, 4}), true).missing_before, ElementsAre(0, 0, 1, 0));
  EXPECT_THAT(order({"s1.tif", "s2.tif"}, true).missing_before, ElementsAre(0, 0));
  EXPECT_THAT(
      [] {
        order({"s0.tif", "s10.tif", "s25.tif"}, true);
      },
      ThrowsMessage<InputError>(HasSubstr("s10.tif: is followed by s25.tif; expected number 20")));
}

TEST(SectionOrder, FoldersCountWhereTheyDiffer) {
  EXPECT_THAT(ordered({"day10/s.tif", "day9/s.tif"}), ElementsAre("day9/s.tif", "day10/s.tif"));
  expect_refused({"day1/s1.tif", "day1/s2.tif", "day2/s1.tif", "day2/s2.tif"}, "count in 2 places");
}

}  // namespace
}  // namespace cleft
