#include "pipeline/describe/describe_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/load.hpp"
#include "config/show.hpp"
#include "io/h5/file.hpp"
#include "io/h5/recipe.hpp"
#include "objects/files/object_table.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::Not;

class DescribeRun : public testing::Test {
 protected:
  DescribeRun() { test::write_bytes(directory / "run.yaml", ""); }

  std::string description() const { return describe_run(directory.path()).text; }

  test::TempDirectory directory;
};

TEST_F(DescribeRun, that_has_not_begun) {
  EXPECT_THAT(description(), HasSubstr("predict      not begun\n"));
  EXPECT_THAT(description(), HasSubstr("segment      not done\n"));
}

TEST_F(DescribeRun, names_the_volume_and_the_model_as_it_was_run) {
  const Config config =
      parse_config("volume: {path: raw.h5, dataset: /raw}\nmodel: my.model.h5", directory / "given.yaml", {});
  test::write_bytes(directory / "run.yaml", show_config(config));
  EXPECT_THAT(description(), HasSubstr("volume       " + (directory / "raw.h5").string() + ":/raw\n"));
  EXPECT_THAT(description(), HasSubstr("model        " + (directory / "my.model.h5").string() + "\n"));
}

TEST_F(DescribeRun, whose_settings_cannot_be_read_is_described_all_the_same) {
  for (const auto* odd : {"", "no_such_key: 1\n", "[", "model: m.h5\n"}) {
    test::write_bytes(directory / "run.yaml", odd);
    EXPECT_THAT(description(), HasSubstr("volume       not known\n")) << odd;
  }
  EXPECT_THAT(description(), HasSubstr("model        " + (directory / "m.h5").string() + "\n"));
}

TEST_F(DescribeRun, that_is_half_done_counts_its_blocks) {
  h5::write_file(directory / "probability.h5.part", [](h5::File& file) {
    file.write("manifest", std::vector<std::uint8_t>{1, 0, 1, 1, 0});
  });
  EXPECT_THAT(description(), HasSubstr("predict      unfinished, 3 of 5 blocks done (60 %)\n"));
}

TEST_F(DescribeRun, that_did_not_keep_its_probability_says_so) {
  test::write_bytes(directory / "run.json", R"({"predict": {"finished": "2024-05-06T07:08:09Z"}})");
  EXPECT_THAT(description(), HasSubstr("predict      done, 2024-05-06T07:08:09Z, probability not kept\n"));
}

TEST_F(DescribeRun, whose_unfinished_file_cannot_be_read_has_begun) {
  test::write_bytes(directory / "probability.h5.part", "not yet HDF5");
  EXPECT_THAT(description(), HasSubstr("predict      begun\n"));
}

TEST_F(DescribeRun, that_is_done_says_when_and_what_it_found) {
  h5::write_file(directory / "probability.h5", [](h5::File&) {});
  h5::write_file(directory / "synapses.h5",
                 [](h5::File& file) { write_object_table(file, std::vector<Synapse>(7)); });
  test::write_bytes(directory / "synapses.csv", "");
  test::write_bytes(directory / "run.json", R"({"segment": {"finished": "2024-05-06T07:08:09Z"}})");
  EXPECT_THAT(description(), HasSubstr("predict      done\n"));
  EXPECT_THAT(description(), HasSubstr("segment      done, 2024-05-06T07:08:09Z\n"));
}

TEST_F(DescribeRun, whose_run_json_is_odd_is_described_all_the_same) {
  h5::write_file(directory / "probability.h5", [](h5::File&) {});
  for (const auto* odd : {R"({"predict": 3})", R"({"predict": null})", R"({"predict": {"finished": 3}})",
                          R"({"predict": {}})", R"({"predict": ["finished"]})"}) {
    test::write_bytes(directory / "run.json", odd);
    EXPECT_THAT(description(), HasSubstr("predict      done, time unknown\n")) << odd;
  }
  for (const auto* odd : {"[1]", "3", "{", ""}) {
    test::write_bytes(directory / "run.json", odd);
    EXPECT_THAT(description(), HasSubstr("predict      done\n")) << odd;
  }
}

TEST_F(DescribeRun, tells_the_settings_the_searched_volume_and_why_components_were_dropped) {
  h5::write_file(directory / "synapses.h5", [](h5::File& file) {
    file.write("/labels", std::vector<std::uint64_t>{1}, {1, 1, 1});
    write_object_table(file, std::vector<Synapse>(7));
    write_recipe(file, {{"probability", {{"extent", {10, 200, 500}}}},
                        {"voxel_size", {40, 5, 5}},
                        {"sigma", {0.625, 5, 5}},
                        {"core_ratio", 7},
                        {"reference_ratio", 1},
                        {"size", {1000, 200000}}});
  });
  test::write_bytes(directory / "synapses.csv", "");
  test::write_bytes(directory / "run.json",
                    R"({"segment": {"dropped": {"no_core": 1, "too_small": 20, "too_large": 3}}})");
  EXPECT_THAT(
      description(),
      HasSubstr(
          "extent       10 x 200 x 500 (z, y, x), 1 million voxels of 40 x 5 x 5 nm (z, y, x), 1 um3\n"));
  EXPECT_THAT(description(),
              HasSubstr("thresholds   core_ratio 7, reference_ratio 1, sigma 0.625 x 5 x 5 voxels, "
                        "1000 to 200000 voxels\n"));
  EXPECT_THAT(description(), HasSubstr("synapses     7 (dropped: 1 component without a core, 20 too small, 3 "
                                       "too large)\n"));
  EXPECT_THAT(description(), HasSubstr("results      synapses.h5 of cleft 0.1.0, which wrote no checksums; "
                                       "synapses.csv of cleft 0.1.0, which wrote no checksums\n"));
}

TEST_F(DescribeRun, says_how_it_split_and_what_nobody_has_counted) {
  const auto write = [&](const nlohmann::json& more) {
    nlohmann::json recipe{
        {"sigma", {1, 1, 1}}, {"core_ratio", 7}, {"reference_ratio", 1}, {"size", {10, 20}}};
    recipe.update(more);
    std::filesystem::remove(directory / "synapses.h5");
    h5::write_file(directory / "synapses.h5", [&](h5::File& file) {
      write_object_table(file, std::vector<Synapse>(7));
      write_recipe(file, recipe);
    });
  };
  write(nlohmann::json::object());
  EXPECT_THAT(description(), Not(HasSubstr("split ")));
  write({{"split", {"distance", 50}}, {"left_whole_below", 5 << 20}, {"cores_of_ratio", 3}});
  EXPECT_THAT(
      description(),
      HasSubstr("split        distance, at least 50 nm apart (run.memory_per_rank: 6MiB splits more)\n"));
  test::write_bytes(directory / "run.json", R"({"segment": {"dropped": null,
      "split": {"components": 1, "parts": 2, "left_whole": ["z 0:9"]}}})");
  EXPECT_THAT(description(),
              HasSubstr("split        distance, at least 50 nm apart: 1 component is now 2 parts; "
                        "1 larger one left whole (run.memory_per_rank: 6MiB splits more)\n"));
  EXPECT_THAT(description(),
              HasSubstr("core_ratio 7 (by ranks; cores were measured at 3, the core columns are "
                        "empty)"));
  EXPECT_THAT(description(),
              HasSubstr("synapses     7 (how many components were dropped was not counted)\n"));
  write({{"split", {"cores"}}});
  EXPECT_THAT(description(), HasSubstr("split        cores: 1 component"));
}

TEST_F(DescribeRun, names_the_probability_of_another_run) {
  test::write_bytes(directory / "run.yaml", "run: {probability: other}\n");
  EXPECT_THAT(description(), HasSubstr("predict      not here: run.probability is " +
                                       (directory / "other").string() + "\n"));
}

TEST_F(DescribeRun, says_which_inputs_were_accepted_in_the_place_of_others) {
  EXPECT_THAT(description(), Not(HasSubstr("accepted")));
  test::write_bytes(directory / "run.json", R"({"predict": {"accepted_inputs": ["volume a"]}})");
  EXPECT_THAT(description(), HasSubstr("accepted     volume a\n"));
  test::write_bytes(directory / "run.json", R"({"predict": {"accepted_inputs": ["volume a"]},
                                                "segment": {"accepted_inputs": ["volume b", "mask c"]}})");
  EXPECT_THAT(description(), HasSubstr("accepted     volume b\n  accepted     mask c\n"));
}

TEST_F(DescribeRun, says_what_is_damaged) {
  test::write_bytes(directory / "synapses.h5", "cleft synapses\nformat 1\n");
  test::write_bytes(directory / "probability.h5", "no HDF5");
  EXPECT_THAT(description(), HasSubstr("results      synapses.h5 DAMAGED: "));
  EXPECT_THAT(description(), HasSubstr("probability  DAMAGED: "));
  EXPECT_THAT(describe_run(directory.path()).damaged, testing::ElementsAre("synapses.h5", "probability.h5"));
}

TEST_F(DescribeRun, blames_the_file_that_is_somebody_elses) {
  h5::write_file(directory / "synapses.h5", [](h5::File& file) {
    file.write("raw", std::vector<std::uint8_t>(8), {2, 2, 2});
  });
  test::write_bytes(directory / "synapses.csv", "id\n");
  EXPECT_THAT(description(),
              HasSubstr("results      synapses.h5 DAMAGED: " + (directory / "synapses.h5").string() +
                        ": is not what cleft detect wrote"));
  EXPECT_THAT(describe_run(directory.path()).damaged, testing::ElementsAre("synapses.h5"));
}

TEST_F(DescribeRun, says_that_a_table_that_is_a_folder_is_damaged) {
  h5::write_file(directory / "synapses.h5", [](h5::File& file) {
    file.write("/labels", std::vector<std::uint64_t>{1}, {1, 1, 1});
    write_object_table(file, std::vector<Synapse>(7));
    write_recipe(file, {{"probability", {}}});
  });
  EXPECT_TRUE(describe_run(directory.path()).damaged.empty());
  std::filesystem::create_directory(directory / "synapses.csv");
  EXPECT_THAT(description(), HasSubstr("synapses.csv DAMAGED: " + (directory / "synapses.csv").string()));
  EXPECT_THAT(describe_run(directory.path()).damaged, testing::ElementsAre("synapses.csv"));
}

TEST(DescribeNoRun, a_directory_without_a_run_is_an_error) {
  const test::TempDirectory directory;
  EXPECT_THROW(describe_run(directory.path()), InputError);
}

}  // namespace
}  // namespace cleft
