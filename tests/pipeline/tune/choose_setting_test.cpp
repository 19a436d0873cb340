#include "pipeline/tune/choose_setting.hpp"

#include <gtest/gtest.h>

namespace cleft {
namespace {

/// Places on one axis.
std::vector<GridSetting> along_one_axis(std::size_t count) {
  std::vector<GridSetting> settings(count);
  for (std::size_t n = 0; n < count; ++n) settings[n].at = {n};
  return settings;
}

TEST(ChooseSetting, KeepsWhatIsNotBeatenByMoreThanOneStandardError) {
  const std::vector<Agreement> agreements{{30, 10, 10}, {32, 9, 8}, {10, 10, 30}};
  const Choice choice = choose_setting(along_one_axis(3), agreements, 0, {});
  EXPECT_EQ(choice.best, 1U);
  EXPECT_TRUE(choice.keeps_configured);
  EXPECT_EQ(choice.chosen(0), 0U);
  EXPECT_NEAR(choice.configured_f1, 0.75, 1e-12);
  EXPECT_NEAR(choice.best_f1, 64.0 / 81, 1e-12);
  EXPECT_EQ(choice.standard_error, f1_standard_error(agreements[0], {}));
  EXPECT_GT(choice.standard_error, f1_standard_error(agreements[1], {}));
}

TEST(ChooseSetting, ChangesWhatIsBeatenByMore) {
  const std::vector<Agreement> agreements{{3, 0, 46}, {32, 9, 17}};
  const Choice choice = choose_setting(along_one_axis(2), agreements, 0, {});
  EXPECT_FALSE(choice.keeps_configured);
  EXPECT_EQ(choice.chosen(0), 1U);
}

TEST(ChooseSetting, TheLineIsOneStandardErrorOfTheLessCertain) {
  // The more false objects the configured setting has, the more it is beaten by: it changes once, and there.
  const auto settings = along_one_axis(2);
  bool changed = false;
  for (std::int64_t more = 0; more < 20; ++more) {
    const std::vector<Agreement> agreements{{40, 5 + more, 9}, {40, 5, 9}};
    const Choice choice = choose_setting(settings, agreements, 0, {});
    const double error = std::max(f1_standard_error(agreements[0], {}), f1_standard_error(agreements[1], {}));
    EXPECT_EQ(choice.keeps_configured, *agreements[1].f1() - *agreements[0].f1() <= error);
    EXPECT_TRUE(!changed || !choice.keeps_configured);
    changed = !choice.keeps_configured;
  }
  EXPECT_TRUE(changed);
}

TEST(ChooseSetting, OfEqualsTheOneAmongGoodNeighbours) {
  const Agreement good{40, 2, 2}, fair{35, 5, 5}, bad{5, 20, 40};
  const std::vector<Agreement> agreements{bad, good, bad, bad, fair, good, fair, bad};
  EXPECT_EQ(choose_setting(along_one_axis(8), agreements, 7, {}).best, 5U);
}

TEST(ChooseSetting, OfEqualNeighboursTheOneNearestToTheConfigured) {
  std::vector<GridSetting> settings(4);
  settings[0].at = {0, 0};
  settings[1].at = {3, 3};
  settings[2].at = {6, 0};
  settings[3].at = {9, 9};
  const Agreement good{40, 2, 2}, bad{5, 20, 40};
  EXPECT_EQ(choose_setting(settings, std::vector{bad, good, good, good}, 0, {}).best, 2U);
}

TEST(ChooseSetting, NothingFoundIsAnF1OfNothing) {
  const std::vector<Agreement> agreements{{0, 0, 20}, {12, 3, 8}};
  const Choice choice = choose_setting(along_one_axis(2), agreements, 0, {});
  EXPECT_EQ(choice.configured_f1, 0);
  EXPECT_FALSE(choice.keeps_configured);
}

}  // namespace
}  // namespace cleft
