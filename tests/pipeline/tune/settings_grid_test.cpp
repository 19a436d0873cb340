#include "pipeline/tune/settings_grid.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/load.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const VolumeFacts volume = [] {
  VolumeFacts facts;
  facts.extent = {60, 200, 200};
  facts.voxel_size = VoxelSize{40, 4, 4};
  return facts;
}();

Config configured() {
  return parse_config(
      "threshold: {sigma: [0.5, 1, 1], core_ratio: 3, reference_ratio: 1}\nfilter: {min_size: 10, max_size: "
      "9000}\n",
      "/data/run.yaml");
}

template <class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(SettingsGrid, AnAxisIsAKeyWithValues) {
  EXPECT_EQ(parse_axis("threshold.core_ratio=3, 5,10", "--sweep"),
            (SettingAxis{"threshold.core_ratio", {"3", "5", "10"}}));
  EXPECT_EQ(parse_axis("threshold.sigma=[0.5, 2, 2],0", "--sweep"),
            (SettingAxis{"threshold.sigma", {"[0.5, 2, 2]", "0"}}));
}

TEST(SettingsGrid, HasAllCombinationsTheLastAxisFastest) {
  const SettingsGrid grid = make_grid(
      configured(), volume, {{"threshold.core_ratio", {"2", "4"}}, {"filter.min_size", {"5", "7", "9"}}}, "");
  ASSERT_EQ(grid.settings.size(), 6U);
  EXPECT_EQ(grid.contradictory, 0);
  std::size_t n = 0;
  for (const double ratio : {2.0, 4.0})
    for (const std::int64_t size : {5, 7, 9}) {
      const SegmentSettings& settings = grid.settings[n].settings;
      EXPECT_EQ(settings.threshold.options.core_ratio, ratio);
      EXPECT_EQ(settings.threshold.options.reference_ratio, 1) << "as configured";
      EXPECT_EQ(settings.rule.bounds.min, size);
      EXPECT_EQ(settings.rule.bounds.max, 9000);
      EXPECT_THAT(grid.values_of(n), ElementsAre(ratio == 2 ? "2" : "4", std::to_string(size)));
      ++n;
    }
  EXPECT_THAT(assignments_at(grid.axes, {1, 2}), ElementsAre("threshold.core_ratio=4", "filter.min_size=9"));
  const SegmentSettings as_configured = segment_settings(configured(), volume);
  for (const auto& setting : grid.settings) EXPECT_FALSE(same_objects(setting.settings, as_configured));
}

TEST(SettingsGrid, KnowsTheConfiguredSettingByItsObjects) {
  const SettingsGrid grid = make_grid(
      configured(), volume, {{"threshold.core_ratio", {"2", "3"}}, {"filter.min_size", {"5", "10"}}}, "");
  const SegmentSettings as_configured = segment_settings(configured(), volume);
  for (std::size_t n = 0; n < grid.settings.size(); ++n)
    EXPECT_EQ(same_objects(grid.settings[n].settings, as_configured), n == 3) << n;
}

TEST(SettingsGrid, LeavesOutWhatContradictsItself) {
  const SettingsGrid grid =
      make_grid(configured(), volume,
                {{"threshold.reference_ratio", {"1", "5"}}, {"threshold.core_ratio", {"3", "6"}}}, "");
  EXPECT_EQ(grid.contradictory, 1);
  ASSERT_EQ(grid.settings.size(), 3U);
  EXPECT_EQ(grid.settings[2].at, (GridPlace{1, 1}));
  EXPECT_FALSE(setting_at(configured(), volume, grid.axes, {1, 0}));
}

TEST(SettingsGrid, AsConfiguredLeavesTheKeyThatIsGivenInstead) {
  const SettingsGrid grid =
      make_grid(configured(), volume, {{"threshold.sigma_nm", {"8", as_configured}}}, "");
  ASSERT_EQ(grid.settings.size(), 2U);
  EXPECT_EQ(grid.settings[0].settings.threshold.sigma, (PerAxis<double>{0.2, 2, 2}));
  EXPECT_EQ(grid.settings[1].settings.threshold.sigma, (PerAxis<double>{0.5, 1, 1}));
}

TEST(SettingsGrid, SizesInNm3AreOfTheVolumesVoxels) {
  const SettingsGrid grid = make_grid(configured(), volume, {{"filter.min_volume_nm3", {"6400"}}}, "");
  EXPECT_EQ(grid.settings.front().settings.rule.bounds.min, 10);
}

TEST(SettingsGrid, RefusesWhatIsNoAxis) {
  EXPECT_THAT(refusal([] { parse_axis("threshold.core_ratio", "--sweep"); }),
              HasSubstr("--sweep threshold.core_ratio: no key and values; expected"));
  EXPECT_THAT(refusal([] { parse_axis("forest.trees=3", "--sweep"); }), HasSubstr("the key 'forest.trees'"));
  EXPECT_THAT(refusal([] { parse_axis("filter.candidate_ratio=3", "--sweep"); }), HasSubstr("the key"));
  EXPECT_THAT(refusal([] { parse_axis("threshold.core_ratio=3,,4", "--sweep"); }),
              HasSubstr("an empty value"));
  EXPECT_THAT(refusal([] { parse_axis("threshold.core_ratio=3,3", "--sweep"); }), HasSubstr("a value twice"));
}

TEST(SettingsGrid, RefusesValuesThatAreNoneAndTooManyOfThem) {
  const auto grid_of = [](const std::vector<SettingAxis>& axes) {
    return refusal([&] { make_grid(configured(), volume, axes, "--sweep"); });
  };
  EXPECT_THAT(grid_of({{"threshold.core_ratio", {"2", "much"}}}), HasSubstr("'much'"));
  EXPECT_THAT(grid_of({{"threshold.core_ratio", {"0.5"}}}), HasSubstr("reference_ratio"));
  EXPECT_THAT(grid_of({{"filter.min_size", {"1"}}, {"filter.min_size", {"2"}}}),
              HasSubstr("filter.min_size is given twice"));
  std::vector<SettingAxis> axes{{"filter.min_size", {}}, {"filter.max_size", {}}};
  for (int n = 1; n <= 1001; ++n) {
    axes[0].values.push_back(std::to_string(n));
    axes[1].values.push_back(std::to_string(5000 + n));
  }
  EXPECT_THAT(grid_of(axes), HasSubstr("too many combinations; expected at most 1000000"));
}

TEST(SettingsGrid, SettingsFindTheSameWhateverTheyDoNotUse) {
  SegmentSettings a = segment_settings(configured(), volume), b = a;
  EXPECT_TRUE(same_objects(a, b));
  b.split.distance_nm = 77;
  EXPECT_TRUE(same_objects(a, b)) << "nothing is split";
  a.split.by = b.split.by = Split::distance;
  EXPECT_FALSE(same_objects(a, b));
  b = a;
  b.threshold.connectivity = Connectivity::six;
  EXPECT_FALSE(same_objects(a, b));
  b = a;
  b.rule.bounds.max = 8999;
  EXPECT_FALSE(same_objects(a, b));
}

}  // namespace
}  // namespace cleft
