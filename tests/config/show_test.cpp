#include "config/show.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "config/key.hpp"
#include "config/load.hpp"

namespace cleft {
namespace {

using Names = std::vector<std::string>;

Config parsed(const std::string& text) {
  return parse_config(text, "/data/run.yaml");
}

/// Every key's value as it is shown: two configurations are equal when these are.
Names values(const Config& config) {
  Names all;
  for (const Key& key : keys()) all.push_back(key.name + "=" + key.show(config).value_or("(none)"));
  return all;
}

class Shown : public testing::TestWithParam<std::string> {};

TEST_P(Shown, reads_back_to_the_same_configuration_from_any_folder) {
  const Config config = parsed(GetParam());
  EXPECT_EQ(values(parse_config(show_config(config), "/elsewhere/copy.yaml")), values(config));
}

INSTANTIATE_TEST_SUITE_P(
    Configs, Shown,
    testing::Values(
        "", "volume: {path: raw.h5, axes: czyx, convert: nearest, mask: {path: m.h5, axes: xyz}}",
        "labels: {path: l.h5, axes: xyzc}", "volume: {path: raw.h5/a/b, voxel_size_nm: [45, 4.6, 0.1]}",
        "labels: {csv: strokes.csv}",
        "labels: {points: p.csv, point_radius_nm: 12.5, rest_class: membrane, rest_voxels: 7, "
        "rest_distance_nm: 0}",
        "labels: {project: a.ilp, lane: 'b c.tif', begin: [0, 1, 2]}",
        "labels: [{csv: a.csv}, {volume: {path: v.h5, axes: czyx, mask: {path: m.h5}}, path: l.h5, begin: "
        "[1, 2, "
        "3]}]",
        "model: 'a$$b'", "volume: {path: \"a\\u001b[2J\\u202e\\\"b.h5\"}",
        "classes: [\"\\u001b\", \"\\u0085\"]",
        "classes: ['null', \"a, b\", 'c: d', '# e', '[f', 'é \"g\"', \"h'i\"]",
        "features: {texture: [], color: [0.123456789, large], edge: [small], dimensions: {large: 2d}}",
        "features: {dimensions: 2d, sections: 1}", "threshold: {sigma_nm: [16, 16, 17]}",
        "threshold: {sigma: [0, 3.5, 3.5], core_ratio: 1e300, reference_ratio: 1e-9}",
        "filter: {min_volume_nm3: 106657.6, max_size: 9223372036854775807}",
        "run: {memory_per_rank: 4GB, block_shape: [1, 64, 64], directory: 'with space: and colon'}",
        "run: {memory_per_rank: 123456789}"));

TEST(ShowConfig, has_every_key_with_its_meaning_and_values) {
  const std::string shown = show_config(parsed(""));
  for (const Key& key : keys()) {
    EXPECT_NE(shown.find("# " + key.meaning + "\n"), std::string::npos) << key.name;
    EXPECT_NE(shown.find("# values: " + key.expected), std::string::npos) << key.name;
  }
}

TEST(ShowRunConfig, leaves_open_what_the_model_decides_where_nobody_said_it) {
  for (const std::string text : {"", "features: {structure_tensor: ilastik-1.2}", "classes: [a, b]"}) {
    const Config config = parsed(text), again = parse_config(show_run_config(config), "/elsewhere/run.yaml");
    EXPECT_EQ(values(again), values(config)) << text;
    EXPECT_EQ(again.states("features"), config.states("features")) << text;
    EXPECT_EQ(again.states("classes"), config.states("classes")) << text;
    EXPECT_TRUE(is_shown_config(show_run_config(config)));
  }
}

TEST(ShowConfig, leaves_sigma_open_where_nobody_said_it_since_its_default_depends_on_the_voxels) {
  for (const auto show : {show_config, show_run_config}) {
    EXPECT_NE(show(parsed("")).find("\n  # sigma:\n"), std::string::npos);
    EXPECT_NE(show(parsed("threshold: {sigma: 5}")).find("\n  sigma: 5\n"), std::string::npos);
    EXPECT_FALSE(parse_config(show(parsed("")), "/elsewhere/copy.yaml").states("threshold.sigma"));
  }
}

TEST(ShowConfig, every_key_stands_under_its_sections) {
  const std::string shown = show_config(parsed("model: m.h5\nvolume: {mask: {path: m.h5}}"));
  EXPECT_NE(shown.find("\nmodel: /data/m.h5\n"), std::string::npos);
  EXPECT_NE(shown.find("\n  mask:\n"), std::string::npos);
  EXPECT_NE(shown.find("\n    path: /data/m.h5\n"), std::string::npos);
}

TEST(Keys, of_a_section_stand_together_and_are_unique) {
  Names names, sections;
  for (const Key& key : keys()) {
    names.push_back(key.name);
    const std::string section = key.name.substr(0, key.name.find('.'));
    if (sections.empty() || sections.back() != section) sections.push_back(section);
  }
  for (Names* list : {&names, &sections}) {
    std::sort(list->begin(), list->end());
    EXPECT_EQ(std::adjacent_find(list->begin(), list->end()), list->end());
  }
}

TEST(DifferingKeys, are_named_in_order) {
  const Config a = parsed("threshold: {sigma: 5, core_ratio: 7}\nforest: {trees: 100}");
  const Config b = parsed("threshold: {sigma: 4, core_ratio: 7.0}\nforest: {trees: 99}");
  EXPECT_EQ(differing_keys(a, b, MayDiffer::how_it_runs), (Names{"forest.trees", "threshold.sigma"}));
  EXPECT_EQ(differing_keys(a, b, MayDiffer::segmentation_too), Names{"forest.trees"});
  EXPECT_TRUE(differing_keys(a, a, MayDiffer::how_it_runs).empty());
}

TEST(DifferingKeys, leave_out_what_cannot_change_results) {
  const Config a = parsed("");
  const Config b =
      parsed("run: {directory: other, threads_per_rank: 7, memory_per_rank: 1GiB, block_shape: [4, 4, 4]}");
  EXPECT_TRUE(differing_keys(a, b, MayDiffer::how_it_runs).empty());
}

TEST(DifferingKeys, the_class_whose_probability_is_stored_is_no_matter_of_segmentation) {
  EXPECT_EQ(differing_keys(parsed(""), parsed("threshold: {foreground: rest}"), MayDiffer::segmentation_too),
            Names{"threshold.foreground"});
}

}  // namespace
}  // namespace cleft
