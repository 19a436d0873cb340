#include "config/load.hpp"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/show.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

/// Read as /data/run.yaml.
Config parsed(const std::string& text, const std::vector<std::string>& sets = {}) {
  return parse_config(text, "/data/run.yaml", sets);
}

TEST(LoadConfig, an_empty_file_means_the_defaults) {
  const Config config = parsed("");
  EXPECT_EQ(config.classes, (std::vector<std::string>{"membrane", "synapse", "rest"}));
  EXPECT_EQ(config.features, FeatureOptions{});
  EXPECT_EQ(config.forest, TrainOptions{});
  EXPECT_EQ(config.threshold, ThresholdOptions{});
  EXPECT_EQ(config.filter, SizeFilterOptions{});
  EXPECT_EQ(config.connectivity, Connectivity::twenty_six);
  EXPECT_EQ(config.split, SplitOptions{});
  EXPECT_EQ(config.run.directory, "/data/results");
  EXPECT_FALSE(config.volume.source.path.has_value());
  EXPECT_FALSE(config.model.has_value());
}

/// Every key, none at its default.
constexpr auto all_keys = R"(
volume: {path: raw.h5, dataset: /raw, voxel_size_nm: [45, 4.6, 4.5], mask: {path: mask.h5, dataset: /m}}
classes: [membrane, synapse]
labels: {path: labels.h5, dataset: /labels}
features:
  texture: [large, 2.5]
  color: []
  edge: [gigahuge]
  dimensions: {large: 2d, gigahuge: 3d}
  sigma_unit: nm
  sections: 2
  structure_tensor: ilastik-1.2
forest: {trees: 7, seed: 18446744073709551615, class_balance: balanced, min_leaf: 3}
model: m.h5
predict: {dtype: float32, classes: all}
threshold: {foreground: cleft, sigma: [1, 2, 3.5], core_ratio: 4, reference_ratio: 0.5, background: raw}
components: {connectivity: 18, split: distance, split_distance_nm: 70}
filter: {min_size: 5, max_size: 10}
run: {directory: out, memory_per_rank: 256MiB, threads_per_rank: 3, keep_probability: false, block_shape: [8, 64, 32]}
report: {make: true, max_objects: 7, choose: sample, seed: 3, sections: 4, margin_nm: 99.5, picture_quality: 50,
  surfaces: false, triangles: 500}
)";

TEST(LoadConfig, the_keys_of_training_reach_their_fields) {
  const Config config = parsed(all_keys);
  EXPECT_EQ(config.volume.source.path, "/data/raw.h5");
  EXPECT_EQ(config.volume.source.dataset, "/raw");
  EXPECT_EQ(config.volume.voxel_size, (VoxelSize{45, 4.6, 4.5}));
  EXPECT_EQ(config.volume.mask.path, "/data/mask.h5");
  EXPECT_EQ(config.volume.mask.dataset, "/m");
  EXPECT_EQ(config.classes, (std::vector<std::string>{"membrane", "synapse"}));
  EXPECT_EQ(config.labels.volume.path, "/data/labels.h5");
  EXPECT_EQ(config.labels.volume.dataset, "/labels");
  EXPECT_EQ(config.features.texture, (std::vector<double>{1.6, 2.5}));
  EXPECT_TRUE(config.features.color.empty());
  EXPECT_EQ(config.features.edge, std::vector<double>{10.0});
  EXPECT_EQ(config.features.dimensions, Dimensions::three);
  EXPECT_EQ(config.features.dimensions_of_scale,
            (std::map<double, Dimensions>{{1.6, Dimensions::two}, {10.0, Dimensions::three}}));
  EXPECT_EQ(config.features.sigma_unit, SigmaUnit::nm);
  EXPECT_EQ(config.features.sections, 2);
  EXPECT_EQ(config.features.dialect, FilterDialect::ilastik_1_2);
  EXPECT_EQ(
      config.forest,
      (TrainOptions{.trees = 7, .seed = ~0ULL, .class_balance = ClassBalance::balanced, .min_leaf = 3}));
  EXPECT_EQ(config.model, "/data/m.h5");
}

TEST(LoadConfig, the_keys_of_detection_reach_their_fields) {
  const Config config = parsed(all_keys);
  EXPECT_EQ(config.predict.dtype, ElementType::float32);
  EXPECT_EQ(config.predict.classes, StoredClasses::all);
  EXPECT_EQ(config.threshold.foreground, "cleft");
  EXPECT_EQ(config.threshold.sigma, (PerAxis<double>{1, 2, 3.5}));
  EXPECT_EQ(config.threshold.core_ratio, 4);
  EXPECT_EQ(config.threshold.reference_ratio, 0.5);
  EXPECT_EQ(config.threshold.background, Background::raw);
  EXPECT_EQ(config.connectivity, Connectivity::eighteen);
  EXPECT_EQ(config.split, (SplitOptions{Split::distance, 70}));
  EXPECT_EQ(config.filter.min_size, 5);
  EXPECT_EQ(config.filter.max_size, 10);
  EXPECT_EQ(config.run.directory, "/data/out");
  EXPECT_EQ(config.run.memory_per_rank, 256 << 20);
  EXPECT_EQ(config.run.threads_per_rank, 3);
  EXPECT_FALSE(config.run.keep_probability);
  EXPECT_EQ(config.run.block_shape, (Extent{8, 64, 32}));
}

TEST(LoadConfig, the_keys_of_the_report_reach_their_fields) {
  const Config config = parsed(all_keys);
  EXPECT_EQ(config.report, (ReportOptions{.make = true,
                                          .max_objects = 7,
                                          .choose = ChooseBy::sample,
                                          .seed = 3,
                                          .sections = 4,
                                          .margin_nm = 99.5,
                                          .picture_quality = 50,
                                          .surfaces = false,
                                          .triangles = 500}));
}

TEST(LoadConfig, keys_of_places_reach_their_fields) {
  const Config config = parsed(R"(
volume: {path: raw.h5, voxel_size_nm: [8, 8, 8], offset_nm: [400, 0, -8], trust: config,
         box: [1:20, 0:56, 8:64], mask: {path: m.h5, begin: [1, -2, 3]}}
labels: {path: l.h5, begin: [4, 5, 6]}
)");
  EXPECT_EQ(config.volume.offset, (PerAxis<double>{400, 0, -8}));
  EXPECT_EQ(config.volume.trust, Trust::config);
  EXPECT_EQ(config.volume.box, (Box{{1, 0, 8}, {20, 56, 64}}));
  EXPECT_EQ(config.volume.mask.begin, (Extent{1, -2, 3}));
  EXPECT_EQ(config.labels.begin, (Extent{4, 5, 6}));
}

TEST(LoadConfig, the_keys_of_points_reach_their_fields) {
  const Config config = parsed(
      "classes: [a, b]\nlabels: {points: p.csv, point_radius_nm: 12.5, rest_class: b, rest_voxels: 7, "
      "rest_distance_nm: 99}");
  EXPECT_EQ(config.labels.points, "/data/p.csv");
  EXPECT_EQ(config.labels.point, (PointOptions{12.5, "b", 7, 99}));
  EXPECT_EQ(parsed("labels: [{points: p.csv, rest_voxels: 3}]").labelled.front().labels.point.rest_voxels, 3);
}

TEST(LoadConfig, a_mask_may_be_a_path_alone) {
  EXPECT_EQ(parsed("volume: {mask: m.h5/inside}").volume.mask.path, "/data/m.h5/inside");
}

TEST(LoadConfig, one_sigma_stands_for_all_axes) {
  EXPECT_EQ(parsed("threshold: {sigma: 2}").threshold.sigma, (PerAxis<double>{2, 2, 2}));
  EXPECT_EQ(parsed("threshold: {sigma_nm: 16}").threshold.sigma_nm, (PerAxis<double>{16, 16, 16}));
}

TEST(LoadConfig, memory_units_are_what_they_say) {
  const auto memory = [](const std::string& text) {
    return parsed("run: {memory_per_rank: " + text + "}").run.memory_per_rank;
  };
  EXPECT_EQ(memory("4GiB"), std::int64_t{4} << 30);
  EXPECT_EQ(memory("2TiB"), std::int64_t{2} << 40);
  EXPECT_EQ(memory("4GB"), 4000000000);
  EXPECT_EQ(memory("1.5 GiB"), std::int64_t{3} << 29);
  EXPECT_EQ(memory("300MB"), 300000000);
  EXPECT_EQ(memory("2048KiB"), 2 << 20);
  EXPECT_EQ(memory("12345678"), 12345678);
}

TEST(LoadConfig, absolute_paths_stay_and_relative_ones_start_at_the_file) {
  EXPECT_EQ(parsed("model: /a/b.h5").model, "/a/b.h5");
  EXPECT_EQ(parsed("model: ../b.h5").model, "/b.h5");
  EXPECT_EQ(parse_config("model: b.h5", "run.yaml").model, std::filesystem::current_path() / "b.h5");
}

TEST(LoadConfig, home_and_variables_are_filled_in_in_paths) {
  const char* home = std::getenv("HOME");
  const std::string before = home != nullptr ? home : "";
  ::setenv("HOME", "/home/me", 1);
  ::setenv("CLEFT_TEST_SCRATCH", "/scratch/a b", 1);
  EXPECT_EQ(parsed("model: ~/m.h5").model, "/home/me/m.h5");
  EXPECT_EQ(parsed("model: $CLEFT_TEST_SCRATCH/m.h5").model, "/scratch/a b/m.h5");
  EXPECT_EQ(parsed("model: a${CLEFT_TEST_SCRATCH}b.h5").model, "/data/a/scratch/a bb.h5");
  EXPECT_EQ(parsed("", {"model=$CLEFT_TEST_SCRATCH/m.h5"}).model, "/scratch/a b/m.h5");
  EXPECT_EQ(parsed("model: a$$b.h5").model, "/data/a$b.h5");
  EXPECT_EQ(parsed("volume: {path: a.h5, dataset: /$HOME}").volume.source.dataset, "/$HOME") << "is no path";
  ::setenv("HOME", before.c_str(), 1);
}

TEST(LoadConfig, a_path_is_bytes) {
  const Config config = parsed("model: s\xe4ge/m.h5\nvolume: {path: 's\xc3\xa4ge \xff.h5'}");
  EXPECT_EQ(config.model, "/data/s\xe4ge/m.h5");
  EXPECT_EQ(config.volume.source.path, "/data/s\xc3\xa4ge \xff.h5");
  EXPECT_EQ(parsed("", {"model=/s\xe4ge"}).model, "/s\xe4ge");
  EXPECT_EQ(parsed(show_config(config)).model, config.model);
  EXPECT_EQ(parsed(show_config(config)).volume.source.path, config.volume.source.path);
}

/// In a file a text goes through more checks than a value alone.
TEST(LoadConfig, a_box_is_read_in_every_spelling) {
  const Box expected{{0, 8, 0}, {20, end_of_axis, 40}};
  for (const char* box :
       {"[0:20, 8:, :40]", "['0:20', '8:', ':40']", "[ :20, \"8:\", 0:40 ]", "[0:20,8:,:40]", "0:20, 8:, :40",
        "\"0:20, 8:, :40\"", "\n    - 0:20\n    - 8:\n    - :40", "\n    - 0:20\n    - \"8:\"\n    - \":40\"",
        "[0: 20, 8: , :40]"})
    EXPECT_EQ(parsed("volume:\n  path: v.h5\n  box: " + std::string(box) + "\n").volume.box, expected) << box;
  for (const char* box : {"[0:20, 8:, :40]", "0:20,8:,:40", "['0:20', '8:', ':40']", "[:20,8:,0:40]"}) {
    EXPECT_EQ(parsed("", {"volume.box=" + std::string(box)}).volume.box, expected) << box;
    EXPECT_EQ(
        parsed("volume: {path: v.h5, box: [0:1, 0:1, 0:1]}", {"volume.box=" + std::string(box)}).volume.box,
        expected)
        << box;
  }
  EXPECT_EQ(parsed("volume: {box: [:, :, :40], path: v.h5}").volume.box,
            (Box{{0, 0, 0}, {end_of_axis, end_of_axis, 40}}));
}

TEST(LoadConfig, labels_may_be_a_list_of_labelled_volumes) {
  const Config config = parsed(
      "volume: {path: top.h5, voxel_size_nm: [8, 8, 8]}\n"
      "labels:\n"
      "  - {path: l.h5, dataset: /l}\n"
      "  - volume: {path: b.h5, dataset: /raw}\n"
      "    project: b.ilp\n"
      "    lane: 1\n"
      "    begin: [1, 2, 3]\n");
  ASSERT_EQ(config.labelled.size(), 2U);
  EXPECT_TRUE(config.states("labels"));
  const auto each = for_each_labelled_volume(config);
  EXPECT_EQ(each[0].volume.source.path, "/data/top.h5");
  EXPECT_EQ(each[0].labels.volume.path, "/data/l.h5");
  EXPECT_EQ(each[1].volume.source.path, "/data/b.h5");
  EXPECT_FALSE(each[1].volume.voxel_size) << "a volume of its own takes nothing of the other's";
  EXPECT_EQ(each[1].labels.project, "/data/b.ilp");
  EXPECT_EQ(each[1].labels.lane, "1");
  EXPECT_EQ(each[1].labels.begin, (Extent{1, 2, 3}));
  EXPECT_EQ(each[0].subject("labels.path"), "/data/run.yaml:3: labels[0].path");
  EXPECT_EQ(each[0].subject("volume.path"), "/data/run.yaml:1: volume.path") << "which it shares";
  EXPECT_EQ(each[0].subject("labels.begin"), "/data/run.yaml:3: labels[0].begin") << "where the entry begins";
  EXPECT_EQ(each[1].subject("labels.project"), "/data/run.yaml:5: labels[1].project");
  EXPECT_EQ(each[1].subject("volume.path"), "/data/run.yaml:4: labels[1].volume.path");
  EXPECT_EQ(each[1].subject("volume.axes"), "/data/run.yaml:4: labels[1].volume.axes");
  EXPECT_EQ(each[1].subject("model"), "/data/run.yaml: model");
  EXPECT_EQ(config.subject("labels"), "/data/run.yaml:2: labels");
  EXPECT_EQ(for_each_labelled_volume(parsed("labels: {csv: a.csv}")).size(), 1U);
}

TEST(LoadConfig, a_set_of_labels_takes_the_place_of_a_list_and_the_other_way_round) {
  const Config one = parsed("labels: [{csv: a.csv}, {csv: b.csv}]", {"labels.csv=/c.csv"});
  EXPECT_TRUE(one.labelled.empty());
  EXPECT_EQ(one.labels.csv, "/c.csv");
  const Config two = parsed("labels: {path: l.h5}", {"labels=[{csv: /a.csv}, {csv: /b.csv}]"});
  EXPECT_EQ(two.labelled.size(), 2U);
  EXPECT_FALSE(two.labels.volume.path);
  EXPECT_FALSE(two.states("labels.path"));
}

TEST(LoadConfig, takes_the_line_ends_and_marks_of_other_systems) {
  const std::string mark = "\xef\xbb\xbf";
  EXPECT_EQ(parsed(mark + "forest: {trees: 3}\r\nmodel: m.h5\r\n").forest.trees, 3);
  EXPECT_EQ(parsed("forest: {trees: 3,\r\n  seed: 4}\r\n").forest.seed, 4U);
  EXPECT_EQ(parsed("forest:\n  trees:\n    3\n").forest.trees, 3);
  EXPECT_EQ(parsed("---\nforest: {trees: 3}  # 'a\n").forest.trees, 3);
  EXPECT_EQ(parsed("{\"forest\": {\"trees\":3},\n\"model\": \"m.h5\"}").model, "/data/m.h5");
  EXPECT_EQ(parsed("model: it's\nclasses: ['a #b', \"c\\\"d\", e#f]").classes[2], "e#f");
}

TEST(LoadConfig, set_overrides_the_file_and_the_last_set_wins) {
  const Config config =
      parsed("threshold: {core_ratio: 5, sigma: 3}",
             {"threshold.core_ratio=9", "threshold.core_ratio=8", "model=m.h5", "classes=[a, b]"});
  EXPECT_EQ(config.threshold.core_ratio, 8);
  EXPECT_EQ(config.threshold.sigma, (PerAxis<double>{3, 3, 3}));
  EXPECT_EQ(config.model, std::filesystem::current_path() / "m.h5") << "typed where the user is";
  EXPECT_EQ(config.classes, (std::vector<std::string>{"a", "b"}));
}

TEST(LoadConfig, set_takes_the_place_of_the_same_thing_said_in_another_way) {
  EXPECT_FALSE(parsed("threshold: {sigma_nm: 16}", {"threshold.sigma=5"}).threshold.sigma_nm.has_value());
  EXPECT_EQ(parsed("threshold: {sigma: 5}", {"threshold.sigma_nm=16"}).threshold.sigma_nm,
            (PerAxis<double>{16, 16, 16}));
  EXPECT_FALSE(parsed("labels: {csv: a.csv}", {"labels.path=l.h5"}).labels.csv.has_value());
}

TEST(LoadConfig, a_section_without_keys_is_as_good_as_none) {
  EXPECT_TRUE(differing_keys(parsed("threshold:\nfilter: {}\n"), parsed(""), MayDiffer::how_it_runs).empty());
}

TEST(LoadConfig, a_missing_file_and_a_folder_are_named) {
  const test::TempDirectory directory;
  const auto message = [](const std::filesystem::path& path) -> std::string {
    try {
      load_config(path);
    } catch (const InputError& e) {
      return e.what();
    }
    return "no error";
  };
  EXPECT_EQ(message(directory / "none.yaml"),
            (directory / "none.yaml").string() + ": there is no such file; expected a configuration");
  EXPECT_EQ(message(directory.path()),
            directory.path().string() + ": is a directory; expected a configuration");
}

}  // namespace
}  // namespace cleft
