#include "pipeline/evaluate/evaluate.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"
#include "io/h5/volume_attributes.hpp"
#include "pipeline/evaluate/label_volumes.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using test::sections_of;
using test::vnc_voxel;
using test::write_volume;

constexpr Extent extent{8, 30, 32};

class Evaluate : public testing::Test {
 protected:
  test::TempDirectory directory;
  Array3<std::uint64_t> labels = test::random_boxes(extent, 12, 5, 1);
  Array3<std::uint64_t> truth = test::random_boxes(extent, 10, 2, 2);

  EvaluateOptions options() const {
    EvaluateOptions result;
    result.labels = {directory / "labels.h5", "/labels"};
    result.truth = {directory / "truth.h5", "/truth"};
    return result;
  }
  void write_both() const {
    write_volume(directory / "labels.h5", "labels", labels);
    write_volume(directory / "truth.h5", "truth", truth);
  }
  /// Voxels with both, with a label only, with truth only.
  Agreement counted(const Sections& sections) const {
    Agreement counts;
    for (std::int64_t z = sections.begin; z < sections.end; ++z)
      for (std::int64_t y = 0; y < extent.y; ++y)
        for (std::int64_t x = 0; x < extent.x; ++x) {
          const bool found = labels(z, y, x) != 0, there = truth(z, y, x) != 0;
          counts.matched += found && there ? 1 : 0;
          counts.false_found += found && !there ? 1 : 0;
          counts.missed += !found && there ? 1 : 0;
        }
    return counts;
  }
  static void expect_equal(const Agreement& a, const Agreement& b) {
    EXPECT_EQ(a.matched, b.matched);
    EXPECT_EQ(a.false_found, b.false_found);
    EXPECT_EQ(a.missed, b.missed);
  }
  static std::string failure(const EvaluateOptions& options) {
    try {
      evaluate(options);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }
};

TEST_F(Evaluate, ATruthFindsItselfWhole) {
  write_volume(directory / "labels.h5", "labels", truth);
  write_volume(directory / "truth.h5", "truth", truth);
  EvaluateOptions same = options();
  same.truth_is_labelled = true;
  for (const auto criterion : {MatchOptions::Criterion::overlap, MatchOptions::Criterion::iou,
                               MatchOptions::Criterion::centroid_distance}) {
    same.match = {.criterion = criterion, .iou = 1};
    const Evaluation result = evaluate(same);
    EXPECT_EQ(result.objects.agreement().f1(), 1);
    EXPECT_EQ(result.voxels.f1(), 1);
    EXPECT_GT(result.truths.size(), 5U);
    for (const Candidate& match : result.objects.matches)
      EXPECT_EQ(result.truths[match.truth], result.detections[match.detection]);
  }
}

TEST_F(Evaluate, VoxelsAreCountedInTheJudgedSectionsOnly) {
  write_both();
  expect_equal(evaluate(options()).voxels, counted({0, extent.z}));
  EvaluateOptions part = options();
  part.sections = Sections{2, 5};
  const Evaluation result = evaluate(part);
  expect_equal(result.voxels, counted({2, 5}));
  for (const RunObject& object : result.detections) {
    EXPECT_GE(object.centroid.z, 2);
    EXPECT_LE(object.centroid.z, 4);
  }
}

TEST_F(Evaluate, ATruthOfSomeSectionsIsPlacedByItsAttributeOrByTheOption) {
  write_volume(directory / "labels.h5", "labels", labels);
  write_volume(directory / "truth.h5", "truth", sections_of(truth, 3, 7), vnc_voxel, 3);
  const Evaluation by_attribute = evaluate(options());
  EXPECT_EQ(by_attribute.sections.begin, 3);
  EXPECT_EQ(by_attribute.sections.end, 7);
  expect_equal(by_attribute.voxels, counted({3, 7}));

  write_volume(directory / "truth.h5", "truth", sections_of(truth, 3, 7));
  EvaluateOptions placed = options();
  placed.truth_first_section = 3;
  expect_equal(evaluate(placed).voxels, counted({3, 7}));
}

TEST_F(Evaluate, TheProbabilityOfTheTruthItselfIsPerfect) {
  write_both();
  Array3<std::uint8_t> probability(extent);
  for (std::size_t i = 0; i < truth.voxels().size(); ++i)
    probability.voxels()[i] = truth.voxels()[i] != 0 ? 9 : 8;
  write_volume(directory / "probability.h5", "probability", probability);
  EvaluateOptions judged = options();
  judged.probability = VolumePath{directory / "probability.h5", "/probability"};
  const auto score = evaluate(judged).probability;
  ASSERT_TRUE(score);
  EXPECT_DOUBLE_EQ(score->average_precision, 1);
  EXPECT_DOUBLE_EQ(score->best_threshold, 9.0 / 255);
}

TEST_F(Evaluate, OfSeveralStoredClassesTheForegroundIsJudged) {
  write_both();
  h5::write_file(directory / "probability.h5", [&](h5::File& file) {
    std::vector<std::uint8_t> values;  // z, y, x, c
    for (const std::uint64_t t : truth.voxels())
      for (const int p : {7, t != 0 ? 200 : 100}) values.push_back(static_cast<std::uint8_t>(p));
    auto dataset = file.write("probability", values, {8, 30, 32, 2});
    dataset.set_attribute("classes", std::vector<std::string>{"membrane", "synapse"});
    write_axes(dataset, vnc_voxel, true);
  });
  EvaluateOptions judged = options();
  judged.probability = VolumePath{directory / "probability.h5", "/probability"};
  EXPECT_DOUBLE_EQ(evaluate(judged).probability->average_precision, 1);
  judged.foreground = "membrane";
  EXPECT_LT(evaluate(judged).probability->average_precision, 0.9);
  judged.foreground = "vesicle";
  EXPECT_THAT(failure(judged), testing::HasSubstr("'vesicle'"));
  judged.probability.reset();
  EXPECT_THAT(failure(judged), testing::HasSubstr("no probability to judge"));
}

TEST_F(Evaluate, AClassThatTheFileDoesNotHoldIsRefused) {
  write_both();
  EvaluateOptions judged = options();
  judged.probability = VolumePath{directory / "probability.h5", "/probability"};
  judged.foreground = "axon";
  const auto write = [&](bool with_classes) {
    h5::write_file(directory / "probability.h5", [&](h5::File& file) {
      auto dataset = file.write("probability", std::vector<std::uint8_t>(8 * 30 * 32), {8, 30, 32});
      if (with_classes) dataset.set_attribute("classes", std::vector<std::string>{"psd"});
    });
  };
  write(true);
  EXPECT_THAT(failure(judged), testing::HasSubstr("holds the classes psd; expected the class 'axon'"));
  write(false);
  EXPECT_THAT(failure(judged), testing::HasSubstr("does not say which classes it holds"));
  judged.foreground.reset();
  EXPECT_EQ(failure(judged), "no error");
}

TEST_F(Evaluate, SmoothingReadsTheSectionsBesideTheJudgedOnes) {
  write_both();
  Array3<float> probability(extent);  // the truth, but 0 in the judged section
  for (std::size_t i = 0; i < truth.voxels().size(); ++i)
    probability.voxels()[i] = truth.voxels()[i] != 0 ? 1.0F : 0.0F;
  std::fill_n(probability.row(3, 0), extent.y * extent.x, 0.0F);
  write_volume(directory / "probability.h5", "probability", probability);
  EvaluateOptions judged = options();
  judged.probability = VolumePath{directory / "probability.h5", "/probability"};
  judged.sections = Sections{3, 4};
  EXPECT_EQ(evaluate(judged).probability->best_threshold, 0);
  judged.sigma = {1, 0, 0};
  EXPECT_GT(evaluate(judged).probability->best_threshold, 0);
}

TEST_F(Evaluate, AnEmptyTruthAndNoDetectionsAgree) {
  labels.fill(0);
  truth.fill(~std::uint64_t{0});  // background as CREMI writes it
  write_both();
  const Evaluation result = evaluate(options());
  EXPECT_EQ(result.objects.agreement().f1(), 1);
  EXPECT_EQ(result.voxels.f1(), 1);
}

TEST_F(Evaluate, SectionsLargerThanOnePieceAreReadByRows) {
  const Extent wide{1, 2, 4300000};
  Array3<std::uint8_t> mask(wide);
  for (std::int64_t y = 0; y < wide.y; ++y) mask(0, y, y) = mask(0, y, wide.x - 1) = 1;
  write_volume(directory / "labels.h5", "labels", mask);
  EvaluateOptions same = options();
  same.truth = same.labels;
  const Evaluation result = evaluate(same);
  ASSERT_EQ(result.truths.size(), 2U);
  EXPECT_EQ(result.truths[0], (RunObject{1, 2, {0, 0.5, 0.5}}));
  EXPECT_EQ(result.truths[1], (RunObject{2, 2, {0, 0.5, 4299999}}));
  EXPECT_EQ(result.voxels.matched, 4);
}

TEST_F(Evaluate, SectionsBeyondTheTruthAreRefused) {
  write_both();
  EvaluateOptions beyond = options();
  beyond.sections = Sections{4, 9};
  EXPECT_THAT(failure(beyond), testing::AllOf(testing::HasSubstr("truth.h5"), testing::HasSubstr("4:9"),
                                              testing::HasSubstr("0:8")));
}

TEST_F(Evaluate, VolumesOfOtherExtentsAreRefused) {
  write_both();
  write_volume(directory / "other.h5", "other", Array3<std::uint8_t>({8, 30, 31}));
  EvaluateOptions other = options();
  other.truth = {directory / "other.h5", "/other"};
  EXPECT_THAT(failure(other), testing::HasSubstr("30 x 31"));
  other = options();
  other.probability = VolumePath{directory / "other.h5", "/other"};
  EXPECT_THAT(failure(other), testing::HasSubstr("other.h5"));
}

TEST_F(Evaluate, VoxelSizesThatDisagreeAreRefused) {
  write_volume(directory / "labels.h5", "labels", labels, VoxelSize{50, 4.6, 4.6});
  write_volume(directory / "truth.h5", "truth", truth);
  EXPECT_THAT(failure(options()),
              testing::AllOf(testing::HasSubstr("50 x 4.6"), testing::HasSubstr("47.5 x 4.6")));
}

TEST_F(Evaluate, NmAreRefusedWithoutAVoxelSize) {
  write_volume(directory / "labels.h5", "labels", labels, std::nullopt);
  write_volume(directory / "truth.h5", "truth", truth, std::nullopt);
  EXPECT_EQ(failure(options()), "no error");
  EvaluateOptions in_nm = options();
  in_nm.truth_gap_nm = 9.2;
  EXPECT_THAT(failure(in_nm), testing::HasSubstr("voxel size"));
  in_nm = options();
  in_nm.match.criterion = MatchOptions::Criterion::centroid_distance;
  EXPECT_THAT(failure(in_nm), testing::HasSubstr("voxel size"));
}

TEST_F(Evaluate, ValuesThatAreNoProbabilitiesAreRefused) {
  write_both();
  Array3<float> grey(extent);
  grey(3, 3, 3) = 128;
  write_volume(directory / "grey.h5", "grey", grey);
  EvaluateOptions judged = options();
  judged.probability = VolumePath{directory / "grey.h5", "/grey"};
  EXPECT_THAT(failure(judged), testing::AllOf(testing::HasSubstr("128"), testing::HasSubstr("0 to 1")));
}

}  // namespace
}  // namespace cleft
