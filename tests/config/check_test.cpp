#include "config/check.hpp"

#include <functional>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/error.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Config sound() {
  Config config;
  config.file = "run.yaml";
  return config;
}

/// What is wrong with a configuration changed so; empty when nothing is.
std::string complaint(const std::function<void(Config&)>& change) {
  Config config = sound();
  change(config);
  try {
    check_config(config);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    return error.what();
  }
  return "";
}

TEST(CheckConfig, accepts_the_defaults) {
  EXPECT_EQ(complaint([](Config&) {}), "");
}

TEST(CheckConfig, wants_two_to_255_different_classes) {
  const auto with_classes = [](std::size_t count) {
    return [count](Config& config) {
      config.classes.clear();
      for (std::size_t n = 0; n < count; ++n) config.classes.push_back(fmt::format("class {}", n));
    };
  };
  EXPECT_EQ(complaint(with_classes(2)), "");
  EXPECT_EQ(complaint(with_classes(255)), "");  // labels are uint8, and 0 is none
  for (const std::size_t count : {0U, 1U, 256U})
    EXPECT_EQ(complaint(with_classes(count)),
              fmt::format("run.yaml: classes: {} classes; expected 2 to 255", count));
  EXPECT_EQ(complaint([](Config& config) {
              config.classes = {"a", "b", "a"};
            }),
            "run.yaml: classes: a name twice; expected different names");
}

TEST(CheckConfig, names_the_place_where_the_key_was_given) {
  EXPECT_THAT(complaint([](Config& config) {
                config.given_at["classes"] = "run.yaml:7";
                config.classes = {"a"};
              }),
              StartsWith("run.yaml:7: classes: "));
  EXPECT_THAT(complaint([](Config& config) {
                config.given_at["threshold.core_ratio"] = "--set";  // the other key is the subject
                config.threshold.core_ratio = 0.5;
              }),
              StartsWith("run.yaml: threshold.reference_ratio: 1; "));
}

TEST(CheckConfig, wants_a_core_no_larger_than_what_surrounds_it) {
  const auto with_ratios = [](double reference, double core) {
    return [=](Config& config) {
      config.threshold.reference_ratio = reference;
      config.threshold.core_ratio = core;
    };
  };
  EXPECT_EQ(complaint(with_ratios(2, 2)), "");
  EXPECT_EQ(complaint(with_ratios(0, 0)), "");
  EXPECT_EQ(complaint(with_ratios(2.5, 2)),
            "run.yaml: threshold.reference_ratio: 2.5; expected at most "
            "threshold.core_ratio (= 2)");
}

TEST(CheckConfig, compares_sizes_that_count) {
  EXPECT_EQ(complaint([](Config& config) { config.filter.min_size = config.filter.max_size; }), "");
  EXPECT_THAT(complaint([](Config& config) { config.filter.min_size = config.filter.max_size + 1; }),
              HasSubstr("filter.min_size: 200001; expected at most filter.max_size (= 200000)"));
  EXPECT_THAT(
      complaint([](Config& config) {
        config.filter.min_volume_nm3 = 2e6;
        config.filter.max_volume_nm3 = 1e6;
      }),
      HasSubstr("filter.min_volume_nm3: 2000000; expected at most filter.max_volume_nm3 (= 1000000)"));
}

/// A limit in nm³ takes the place of the one in voxels; how they compare depends on the voxel size.
TEST(CheckConfig, does_not_compare_voxels_with_cubic_nanometres) {
  EXPECT_EQ(complaint([](Config& config) { config.filter.min_volume_nm3 = 1e12; }), "");
  EXPECT_EQ(complaint([](Config& config) { config.filter.max_volume_nm3 = 1; }), "");
  EXPECT_EQ(complaint([](Config& config) {
              config.filter.min_size = config.filter.max_size + 1;
              config.filter.min_volume_nm3 = 1;
            }),
            "");
}

TEST(CheckConfig, wants_a_file_for_each_dataset) {
  EXPECT_THAT(complaint([](Config& config) { config.volume.source.dataset = "/raw"; }),
              HasSubstr("volume.dataset: no volume.path beside it"));
  EXPECT_THAT(complaint([](Config& config) { config.volume.mask.dataset = "/mask"; }),
              HasSubstr("volume.mask.dataset: no volume.mask.path beside it"));
  EXPECT_THAT(complaint([](Config& config) { config.labels.volume.dataset = "/labels"; }),
              HasSubstr("labels.dataset: no labels.path beside it"));
  EXPECT_EQ(complaint([](Config& config) {
              config.volume.source = {.path = "/raw.h5", .dataset = "/raw"};
              config.volume.mask = {.path = "/mask.h5", .dataset = std::nullopt};
            }),
            "");
}

TEST(CheckConfig, lets_a_table_of_labels_stand_instead_of_the_volume) {
  EXPECT_EQ(complaint([](Config& config) {
              config.labels.csv = "/labels.csv";
              config.labels.volume.dataset = "/labels";
            }),
            "");
}

TEST(CheckConfig, names_the_file_when_features_contradict_each_other) {
  EXPECT_THAT(complaint([](Config& config) {
                config.features.color = {0.7, 1.0, 0.7};
              }),
              StartsWith("run.yaml: features.color: scale 0.7 is listed twice"));
  EXPECT_THAT(complaint([](Config& config) {
                config.features.texture.clear();
                config.features.color.clear();
                config.features.edge.clear();
              }),
              StartsWith("run.yaml: features: nothing is selected"));
}

}  // namespace
}  // namespace cleft
