#include "pipeline/tune/default_axes.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"

namespace cleft {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

VolumeFacts volume_of(const std::optional<VoxelSize>& voxel) {
  VolumeFacts volume;
  volume.extent = {60, 200, 200};
  volume.voxel_size = voxel;
  return volume;
}
constexpr VoxelSize flat{47.5, 4.6, 4.6}, cube{10, 10, 10};

Config parsed(const std::string& text) {
  return parse_config(text, "/data/run.yaml");
}

std::vector<std::string> keys_of(const std::vector<SettingAxis>& axes) {
  std::vector<std::string> names;
  for (const SettingAxis& axis : axes) names.push_back(axis.key);
  return names;
}

std::vector<std::string> values_of(const std::vector<SettingAxis>& axes, const std::string& key) {
  const auto found = std::ranges::find(axes, key, &SettingAxis::key);
  return found == axes.end() ? std::vector<std::string>{} : found->values;
}

TEST(DefaultAxes, SizesAreInNmWhereTheVoxelSizeIsKnown) {
  EXPECT_THAT(
      keys_of(axes_to_tune(parsed(""), volume_of(flat), {})),
      UnorderedElementsAre("threshold.sigma_nm", "threshold.reference_ratio", "threshold.core_ratio",
                           "components.connectivity", "filter.min_volume_nm3", "filter.max_volume_nm3"));
  EXPECT_THAT(keys_of(axes_to_tune(parsed(""), volume_of(std::nullopt), {})),
              UnorderedElementsAre("threshold.sigma", "threshold.reference_ratio", "threshold.core_ratio",
                                   "components.connectivity", "filter.min_size", "filter.max_size"));
}

TEST(DefaultAxes, TheConfiguredValueIsAmongThemInOrder) {
  const auto axes = axes_to_tune(parsed("threshold: {core_ratio: 7.5, reference_ratio: 0.50}\n"
                                        "filter: {min_volume_nm3: 112000}\n"),
                                 volume_of(flat), {});
  auto ratios = values_of(axes, "threshold.core_ratio");
  EXPECT_THAT(ratios, Contains("7.5"));
  EXPECT_TRUE(std::ranges::is_sorted(ratios, {}, [](const std::string& v) { return std::stod(v); }));
  EXPECT_EQ(std::ranges::count(values_of(axes, "threshold.reference_ratio"), "0.5"), 1);
  EXPECT_THAT(values_of(axes, "filter.min_volume_nm3"), Contains("112000"));
  EXPECT_THAT(values_of(axes, "filter.max_volume_nm3"), Contains(as_configured));
  EXPECT_THAT(values_of(axes, "threshold.sigma_nm"), Contains(as_configured)) << "the default is in voxels";
}

TEST(DefaultAxes, GivenOnesTakeThePlaceOfThoseThatStandForTheSame) {
  const auto axes = axes_to_tune(parsed("threshold: {sigma: 3, core_ratio: 4}"), volume_of(flat),
                                 {{"threshold.sigma", {"1", "2"}}, {"threshold.core_ratio", {"9"}}});
  EXPECT_THAT(keys_of(axes), Not(Contains("threshold.sigma_nm")));
  EXPECT_THAT(values_of(axes, "threshold.core_ratio"), ElementsAre("4", "9"));
  EXPECT_THAT(values_of(axes, "threshold.sigma"), testing::IsSupersetOf({"1", "2"}));
  EXPECT_THAT(values_of(axes, "threshold.sigma"), testing::SizeIs(3)) << "and the configured one";
}

TEST(DefaultAxes, SplittingIsTriedWhereVoxelsAreNearlyIsotropic) {
  EXPECT_THAT(split_axes(parsed(""), volume_of(flat)), IsEmpty());
  EXPECT_THAT(split_axes(parsed(""), volume_of(std::nullopt)), IsEmpty());
  const auto axes = split_axes(parsed(""), volume_of(cube));
  EXPECT_THAT(keys_of(axes), ElementsAre("components.split", "components.split_distance_nm"));
  EXPECT_THAT(axes[0].values, UnorderedElementsAre("none", "cores", "distance"));
  EXPECT_GT(axes[1].values.size(), 2U);
}

TEST(DefaultAxes, SplittingIsTriedWhereItIsConfigured) {
  EXPECT_THAT(
      values_of(split_axes(parsed("components: {split: cores}"), volume_of(flat)), "components.split"),
      UnorderedElementsAre("none", "cores"));
  const auto axes =
      split_axes(parsed("components: {split: distance, split_distance_nm: 63}"), volume_of(flat));
  EXPECT_THAT(values_of(axes, "components.split"), UnorderedElementsAre("none", "cores", "distance"));
  EXPECT_THAT(values_of(axes, "components.split_distance_nm"), Contains("63"));
}

}  // namespace
}  // namespace cleft
