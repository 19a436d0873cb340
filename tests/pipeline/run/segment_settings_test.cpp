#include "pipeline/run/segment_settings.hpp"

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
  EXPECT_EQ(settings.bounds.min, 10);
}

TEST(SegmentSettings, InNanometresNeedAVoxelSize) {
  const VolumeFacts unknown{{}, {2, 3, 4}, std::nullopt};
  EXPECT_THROW(segment_settings(config("threshold: {sigma_nm: 20}"), unknown), ConfigError);
  EXPECT_THROW(segment_settings(config("filter: {min_volume_nm3: 10000}"), unknown), ConfigError);
  EXPECT_NO_THROW(segment_settings(config("threshold: {sigma: 2}"), unknown));
}

}  // namespace
}  // namespace cleft
