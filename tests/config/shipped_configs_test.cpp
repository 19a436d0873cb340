#include <filesystem>

#include <gtest/gtest.h>

#include "config/key.hpp"
#include "config/load.hpp"
#include "config/show.hpp"

namespace cleft {
namespace {

std::vector<std::filesystem::path> shipped_configs() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(CLEFT_SOURCE_DIR) / "configs"))
    files.push_back(entry.path());
  return files;
}

TEST(ShippedConfigs, are_all_configurations_that_load) {
  const auto files = shipped_configs();
  EXPECT_GE(files.size(), 4U);
  for (const auto& file : files) EXPECT_NO_THROW(load_config(file)) << file;
}

TEST(ShippedConfigs, show_themselves_as_the_configuration_they_are) {
  for (const auto& file : shipped_configs()) {
    const Config config = load_config(file);
    const Config again = parse_config(show_config(config), "/elsewhere/run.yaml");
    for (const Key& key : keys()) EXPECT_EQ(key.show(again), key.show(config)) << file << " " << key.name;
  }
}

TEST(ShippedConfigs, state_sizes_in_nm) {
  for (const auto& file : shipped_configs()) {
    const Config config = load_config(file);
    EXPECT_TRUE(config.threshold.sigma_nm) << file;
    EXPECT_TRUE(config.filter.min_volume_nm3) << file;
    EXPECT_TRUE(config.filter.max_volume_nm3) << file;
  }
}

TEST(ShippedConfigs, the_isotropic_one_has_the_features_and_the_forest_of_the_defaults_and_splits) {
  const Config config =
      load_config(std::filesystem::path(CLEFT_SOURCE_DIR) / "configs/fibsem-isotropic.yaml");
  Config defaults = parse_config("", "run.yaml");
  defaults.volume = config.volume;
  defaults.labels = config.labels;
  defaults.model = config.model;
  defaults.threshold = config.threshold;
  defaults.filter = config.filter;
  EXPECT_EQ(config.split, (SplitOptions{Split::distance, 50}));
  EXPECT_EQ(defaults.split.by, Split::none);
  defaults.split = config.split;
  EXPECT_TRUE(differing_keys(config, defaults, MayDiffer::how_it_runs).empty());
}

}  // namespace
}  // namespace cleft
