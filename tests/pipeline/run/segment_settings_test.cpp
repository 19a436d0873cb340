#include "pipeline/run/segment_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/load.hpp"

namespace cleft {
namespace {

Config config(const std::string& text) {
  return parse_config(text, "run.yaml", {});
}

TEST(SegmentSettings, AreInVoxels) {
  const VolumeFacts volume{{}, {2, 3, 4}, VoxelSize{40, 5, 5}};
  const auto settings =
      segment_settings(config("threshold: {sigma_nm: 20, core_ratio: 3}\nfilter: {min_volume_nm3: 10000}\n"
                              "components: {connectivity: 6}"),
                       volume);
  EXPECT_EQ(settings.threshold.sigma, (PerAxis<double>{0.5, 4, 4}));
  EXPECT_EQ(settings.threshold.options.core_ratio, 3);
  EXPECT_EQ(settings.threshold.connectivity, Connectivity::six);
  EXPECT_EQ(settings.rule.bounds.min, 10);
}

TEST(SegmentSettings, InNanometresNeedAVoxelSize) {
  const VolumeFacts unknown{{}, {2, 3, 4}, std::nullopt};
  EXPECT_THROW(segment_settings(config("threshold: {sigma_nm: 20}"), unknown), ConfigError);
  EXPECT_THROW(segment_settings(config("filter: {min_volume_nm3: 10000}"), unknown), ConfigError);
  EXPECT_NO_THROW(segment_settings(config("threshold: {sigma: 2}"), unknown));
}

TEST(SegmentSettings, SplittingByDistanceNeedsAVoxelSize) {
  const VolumeFacts unknown{{}, {2, 3, 4}, std::nullopt}, known{{}, {2, 3, 4}, VoxelSize{8, 8, 8}};
  const Config by_distance = config("components: {split: distance, split_distance_nm: 30}");
  EXPECT_EQ(segment_settings(by_distance, known).split, (SplitOptions{Split::distance, 30}));
  EXPECT_THAT([&] { segment_settings(by_distance, unknown); },
              testing::ThrowsMessage<ConfigError>(
                  "run.yaml:1: components.split: is distance, and the volume's voxel size is unknown; "
                  "expected volume.voxel_size_nm, or components.split: cores"));
  EXPECT_EQ(segment_settings(config("components: {split: cores}"), unknown).split.by, Split::cores);
  EXPECT_EQ(segment_settings(config(""), unknown).split.by, Split::none);
}

TEST(SegmentSettings, WithoutASigmaTheDefaultCountsOnTheFinestAxis) {
  const auto sigma = [](const std::string& text, const std::optional<VoxelSize>& voxel) {
    return segment_settings(config(text), {{}, {2, 3, 4}, voxel}).threshold.sigma;
  };
  EXPECT_EQ(sigma("", VoxelSize{50, 5, 10}), (PerAxis<double>{0.5, 5, 2.5}));
  EXPECT_EQ(sigma("", VoxelSize{8, 8, 8}), (PerAxis<double>{5, 5, 5}));
  EXPECT_EQ(sigma("", VoxelSize{8, 8.04, 8}), (PerAxis<double>{5, 5, 5})) << "rounding";
  EXPECT_EQ(sigma("", std::nullopt), (PerAxis<double>{5, 5, 5}));
  EXPECT_EQ(sigma("threshold: {sigma: 5}", VoxelSize{50, 5, 5}), (PerAxis<double>{5, 5, 5})) << "as stated";
  EXPECT_EQ(sigma("threshold: {sigma_nm: 25}", VoxelSize{50, 5, 5}), (PerAxis<double>{0.5, 5, 5}));
}

TEST(SegmentSettings, AStatedSigmaThatSmoothsOverThickSectionsIsWarnedOf) {
  const auto warning = [](const std::string& text, const std::optional<VoxelSize>& voxel) {
    return wide_smoothing(config(text), {{}, {2, 3, 4}, voxel});
  };
  EXPECT_EQ(
      warning("threshold: {sigma: 5}", VoxelSize{45, 4, 4}),
      "run.yaml:1: threshold.sigma: smooths over 225 x 20 x 20 nm (z, y, x), since voxels are 45 x 4 x 4 "
      "nm (z, y, x): thin synapses may vanish; threshold.sigma_nm: 20 is the same along all axes");
  EXPECT_EQ(warning("", VoxelSize{45, 4, 4}), std::nullopt);
  EXPECT_EQ(warning("threshold: {sigma: [0.5, 5, 5]}", VoxelSize{45, 4, 4}), std::nullopt);
  EXPECT_EQ(warning("threshold: {sigma: 5}", VoxelSize{9, 5, 5}), std::nullopt);
  EXPECT_EQ(warning("threshold: {sigma: 20}", VoxelSize{8, 8, 8}), std::nullopt);
  EXPECT_EQ(warning("threshold: {sigma_nm: 200}", VoxelSize{45, 4, 4}), std::nullopt);
  EXPECT_EQ(warning("threshold: {sigma: 5}", std::nullopt), std::nullopt);
}

}  // namespace
}  // namespace cleft
