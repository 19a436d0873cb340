// The evaluation against an independent judge: a script that comes with the real data and shares no code with
// cleft.

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "pipeline/evaluate/evaluate.hpp"
#include "pipeline/evaluate/label_volumes.hpp"
#include "support/run_cleft.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using Json = nlohmann::json;

const std::filesystem::path judge =
    std::filesystem::path(CLEFT_SHARED_DIR) / "data/drosophila-vnc/evaluate.py";
constexpr const char* python = "/usr/bin/python3";  // the one that Debian's numpy, scipy and h5py belong to
constexpr Extent extent{10, 120, 130};
constexpr Sections sections{3, 9};
constexpr std::int64_t min_truth_size = 20;

test::Outcome run_python(const std::vector<std::string>& arguments) {
  std::string line = std::string("timeout -k 5 120 ") + python;
  for (const std::string& argument : arguments) line += " " + test::shell_quoted(argument);
  return test::run_line(line);
}

class EvaluateJudge : public testing::TestWithParam<std::uint64_t> {
 protected:
  test::TempDirectory directory;

  void SetUp() override {
    if (!std::filesystem::exists(judge)) GTEST_SKIP() << "skipped: shared data not present";
    if (run_python({"-c", "import numpy, scipy, h5py"}).exit_code != 0)
      GTEST_SKIP() << "skipped: " << python << " lacks numpy, scipy or h5py";
    write_volumes(GetParam());
  }

  /// Truth with holes and gaps, detections that split, merge, miss and invent, and a probability with ties.
  void write_volumes(std::uint64_t seed) const {
    const auto objects = test::random_boxes(extent, 40, 1, seed);
    auto labels = test::random_boxes(extent, 20, 4, seed + 1000);
    for (std::size_t i = 0; i < labels.voxels().size(); ++i)
      if (objects.voxels()[i] % 2 == 1) labels.voxels()[i] = 100 + objects.voxels()[i] / 10;
    const auto truth = test::mask_with_holes(objects, 0.3, seed);
    Array3<std::uint8_t> probability(extent);
    Random random(seed);
    for (std::size_t i = 0; i < truth.voxels().size(); ++i)
      probability.voxels()[i] = static_cast<std::uint8_t>(random.below(truth.voxels()[i] != 0 ? 256 : 160));
    test::write_volume(directory / "labels.h5", "labels", labels);
    test::write_volume(directory / "truth.h5", "synapses", truth);
    test::write_volume(directory / "probability.h5", "prob", probability);
  }

  Json judged(double iou) const {
    const auto file = [&](const char* name, const char* dataset) {
      return (directory / name).string() + ":" + dataset;
    };
    const auto outcome =
        run_python({judge.string(), "--pred", file("labels.h5", "labels"), "--truth",
                    file("truth.h5", "synapses"), "--prob", file("probability.h5", "prob"), "--z",
                    std::to_string(sections.begin) + ":" + std::to_string(sections.end), "--min-truth",
                    std::to_string(min_truth_size), "--iou", std::to_string(iou)});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return Json::parse(outcome.out);
  }

  Evaluation ours(const MatchOptions& match) const {
    EvaluateOptions options;
    options.labels = {directory / "labels.h5", "/labels"};
    options.truth = {directory / "truth.h5", "/synapses"};
    options.probability = VolumePath{directory / "probability.h5", "/prob"};
    options.sections = AskedSections{sections.begin, sections.end};
    options.cut_objects = true;  // as the judge does
    options.truth_gap_nm = 9.2;
    options.min_truth_size = min_truth_size;
    options.match = match;
    return evaluate(options);
  }
};

std::vector<std::int64_t> sorted_sizes(const std::vector<RunObject>& objects,
                                       const std::vector<std::size_t>& indices) {
  std::vector<std::int64_t> sizes;
  for (const std::size_t i : indices) sizes.push_back(objects[i].size);
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}

std::vector<std::int64_t> sorted(std::vector<std::int64_t> values) {
  std::sort(values.begin(), values.end());
  return values;
}

void expect_same_objects(const Evaluation& ours, const Json& theirs) {
  const Agreement agreement = ours.objects.agreement();
  EXPECT_EQ(agreement.matched, theirs["tp"]);
  EXPECT_EQ(agreement.false_found, theirs["fp"]);
  EXPECT_EQ(agreement.missed, theirs["fn"]);
  EXPECT_NEAR(agreement.f1().value(), theirs["f1"].get<double>(), 5.1e-5);
  EXPECT_EQ(sorted_sizes(ours.truths, ours.objects.missed_truths),
            sorted(theirs["missed_truth_sizes"].get<std::vector<std::int64_t>>()));
  EXPECT_EQ(sorted_sizes(ours.detections, ours.objects.false_detections),
            sorted(theirs["false_positive_sizes"].get<std::vector<std::int64_t>>()));
}

TEST_P(EvaluateJudge, AgreesOnVoxelsObjectsAndProbability) {
  constexpr double iou = 0.4;
  const Json theirs = judged(iou);
  const Evaluation by_overlap = ours({});
  EXPECT_GT(by_overlap.objects.agreement().matched, 5);
  EXPECT_GT(by_overlap.objects.ignored_truths, 0);
  EXPECT_EQ(by_overlap.objects.ignored_truths, theirs["object"]["n_ignored_truth"]);
  EXPECT_EQ(by_overlap.detections.size(), theirs["object"]["n_pred"]);
  expect_same_objects(by_overlap, theirs["object"]["overlap1"]);
  const Evaluation by_iou = ours({.criterion = MatchOptions::Criterion::iou, .iou = iou});
  EXPECT_LT(by_iou.objects.agreement().matched, by_overlap.objects.agreement().matched);
  expect_same_objects(by_iou, theirs["object"]["iou0.1"]);

  EXPECT_EQ(by_overlap.voxels.matched, theirs["voxel"]["tp"]);
  EXPECT_EQ(by_overlap.voxels.false_found, theirs["voxel"]["fp"]);
  EXPECT_EQ(by_overlap.voxels.missed, theirs["voxel"]["fn"]);
  const Json& score = theirs["voxel_prob"];  // rounded to four places; its threshold is of stored values
  EXPECT_NEAR(by_overlap.probability->average_precision, score["average_precision"].get<double>(), 5.1e-5);
  EXPECT_NEAR(by_overlap.probability->best_f1, score["best_f1"].get<double>(), 5.1e-5);
  EXPECT_NEAR(by_overlap.probability->best_threshold * 255, score["best_f1_threshold"].get<double>(), 1e-4);
}

INSTANTIATE_TEST_SUITE_P(RandomVolumes, EvaluateJudge, testing::Values(2, 4));

}  // namespace
}  // namespace cleft
