#include "pipeline/review/label_target.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/load.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

namespace fs = std::filesystem;

/// A run directory, and files that its configuration names; of none more than the name counts.
class LabelTarget : public testing::Test {
 protected:
  LabelTarget() {
    fs::create_directories(temp_ / "results/report/data");
    for (const auto* name : {"results/run.yaml", "results/synapses.h5", "results/synapses.kept-2.csv",
                             "results/report/index.html", "results/report/data/table.js"})
      test::write_bytes(temp_ / name, "of the run");
  }
  fs::path file(const std::string& name) {
    if (!fs::exists(temp_ / name)) test::write_bytes(temp_ / name, "somebody's");
    return temp_ / name;
  }
  void check(const std::string& yaml, const fs::path& target) {
    Config config = parse_config(yaml, temp_ / "results/run.yaml", {});
    config.run.directory = temp_ / "results";
    ReviewOptions options{.directory = temp_ / "results", .reviews = {temp_ / "review.json"}, .sets = {}};
    options.labels = LabelOutput{.file = target, .force = true};
    check_label_target(config, options);
  }
  void expect_refused(const std::string& yaml, const fs::path& target) {
    EXPECT_THAT([&] { check(yaml, target); },
                ThrowsMessage<InputError>(HasSubstr("is a file of the run, or one that it was made of")))
        << target << "\n"
        << yaml;
  }
  std::string quoted(const std::string& name) { return "'" + (temp_ / name).string() + "'"; }

  test::TempDirectory temp_;
};

TEST_F(LabelTarget, is_nothing_that_the_configuration_names) {
  for (const auto* name : {"raw.h5", "strokes.h5", "mask.h5", "two.h5", "two_labels.h5", "two_mask.h5",
                           "voxels.csv", "points.csv", "strokes.ilp", "model.h5", "probability.h5"})
    file(name);
  // Of a file with its dataset in one path the file counts.
  const std::string volume =
      "volume: {path: " + quoted("raw.h5/raw") + ", mask: " + quoted("mask.h5/mask") + "}\n";
  const std::string one = volume + "labels: {path: " + quoted("strokes.h5/labels") +
                          "}\nmodel: " + quoted("model.h5") +
                          "\nrun: {probability: " + quoted("probability.h5") + "}\n";
  for (const auto* name : {"raw.h5", "strokes.h5", "mask.h5", "model.h5", "probability.h5"})
    expect_refused(one, file(name));
  const std::string several =
      volume + "labels:\n  - {path: " + quoted("strokes.h5/labels") + "}\n  - {csv: " + quoted("voxels.csv") +
      "}\n  - {points: " + quoted("points.csv") + "}\n  - {project: " + quoted("strokes.ilp") +
      "}\n  - {path: " + quoted("two_labels.h5/labels") + ", volume: {path: " + quoted("two.h5/raw") +
      ", mask: " + quoted("two_mask.h5/mask") + "}}\n";
  for (const auto* name : {"raw.h5", "strokes.h5", "mask.h5", "voxels.csv", "points.csv", "strokes.ilp",
                           "two_labels.h5", "two.h5", "two_mask.h5"})
    expect_refused(several, file(name));
  EXPECT_NO_THROW(check(one, file("earlier_labels.h5")));
  EXPECT_NO_THROW(check(several, temp_ / "results/new_labels.h5"));
}

TEST_F(LabelTarget, is_nothing_of_the_run_of_its_report_or_of_another_run_that_it_segmented) {
  const std::string yaml = "volume: {path: " + quoted("raw.h5/raw") + "}\n";
  for (const auto* name :
       {"results/run.yaml", "results/synapses.h5", "results/synapses.csv", "results/synapses.kept-2.csv",
        "results/synapses_reviewed.h5", "results/probability.h5.part", "results/.lock",
        "results/report/index.html", "results/report/data/table.js", "results/report/new.h5"})
    expect_refused(yaml, temp_ / name);
  expect_refused(yaml, file("review.json"));
  fs::create_directories(temp_ / "other");
  expect_refused(yaml + "run: {probability: " + quoted("other") + "}\n", file("other/probability.h5"));
  expect_refused(yaml + "run: {probability: " + quoted("other") + "}\n", file("other/synapses.csv"));
}

TEST_F(LabelTarget, is_no_needed_file_by_another_name) {
  const std::string yaml =
      "volume: {path: " + quoted("raw.h5/raw") + "}\nlabels: {csv: " + quoted("voxels.csv") + "}\n";
  fs::create_hard_link(file("raw.h5"), temp_ / "hard.h5");
  fs::create_symlink(file("voxels.csv"), temp_ / "link.h5");
  fs::create_directories(temp_ / "elsewhere");
  for (const auto* name : {"hard.h5", "link.h5", "elsewhere/../raw.h5", "results/../results/synapses.csv"})
    expect_refused(yaml, temp_ / name);
}

TEST_F(LabelTarget, is_nothing_in_a_volume_that_is_a_folder) {
  fs::create_directories(temp_ / "raw.zarr/0");
  const std::string yaml = "volume: {path: " + quoted("raw.zarr") + "}\n";
  expect_refused(yaml, file("raw.zarr/0/0.0.0"));
}

}  // namespace
}  // namespace cleft
