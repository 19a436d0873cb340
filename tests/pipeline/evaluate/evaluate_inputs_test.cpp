#include "pipeline/evaluate/evaluate_inputs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/h5/file.hpp"
#include "pipeline/evaluate/evaluate_test.hpp"

namespace cleft {
namespace {

using test::sections_of;
using test::vnc_voxel;
using test::write_volume;

/// What evaluate refuses before it reads voxels.
class EvaluateInputsTest : public test::EvaluateTest {};

TEST_F(EvaluateInputsTest, ASigmaLargerThanTheVolumeIsRefused) {
  write_both();
  write_volume(directory / "probability.h5", "probability", Array3<std::uint8_t>(extent));
  EvaluateOptions judged = options();
  judged.probability = VolumePath{directory / "probability.h5", "/probability"};
  judged.sigma = {0, 1e300, 0};
  EXPECT_THAT(failure(judged),
              testing::HasSubstr("--sigma: is 1e+300 voxels; expected at most the volume's"));
}

TEST_F(EvaluateInputsTest, AClassThatTheFileDoesNotHoldIsRefused) {
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

TEST_F(EvaluateInputsTest, ATruthOfClassesIsWarnedAbout) {
  write_both();
  h5::File file = h5::File::open_write(directory / "truth.h5");
  file.dataset("truth").set_attribute("classes", std::vector<std::string>{"membrane", "synapse"});
  file.close();
  testing::internal::CaptureStderr();
  evaluate(options());
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::HasSubstr("says that its numbers are the classes membrane, synapse"));
}

TEST_F(EvaluateInputsTest, SectionsBeyondTheTruthAreRefused) {
  write_both();
  EvaluateOptions beyond = options();
  beyond.sections = AskedSections{4, 9};
  EXPECT_THAT(failure(beyond), testing::AllOf(testing::HasSubstr("truth.h5"), testing::HasSubstr("4:9"),
                                              testing::HasSubstr("0:8"),
                                              testing::HasSubstr("counted from the first section of "),
                                              testing::HasSubstr("labels.h5:/labels")));
}

TEST_F(EvaluateInputsTest, VolumesOfOtherExtentsAreRefused) {
  write_both();
  write_volume(directory / "other.h5", "other", Array3<std::uint8_t>({8, 30, 31}));
  EvaluateOptions other = options();
  other.truth = {directory / "other.h5", "/other"};
  EXPECT_THAT(failure(other), testing::HasSubstr("30 x 31"));
  other = options();
  other.probability = VolumePath{directory / "other.h5", "/other"};
  EXPECT_THAT(failure(other), testing::HasSubstr("other.h5"));
}

TEST_F(EvaluateInputsTest, VoxelSizesThatDisagreeAreRefused) {
  write_volume(directory / "labels.h5", "labels", labels, VoxelSize{50, 4.6, 4.6});
  write_volume(directory / "truth.h5", "truth", truth);
  EXPECT_THAT(failure(options()),
              testing::AllOf(testing::HasSubstr("50 x 4.6"), testing::HasSubstr("47.5 x 4.6")));
}

TEST_F(EvaluateInputsTest, OfAllFilesVoxelSizesMustBeTheSameUnlessTheyAreStated) {
  const std::optional<VoxelSize> other = VoxelSize{40, 4.6, 4.6};
  write_both();
  write_volume(directory / "mask.h5", "mask", mask_of_all(), other);
  write_volume(directory / "probability.h5", "probability", Array3<std::uint8_t>(extent), other);
  EvaluateOptions masked = options(), judged = options();
  masked.mask = PlacedMask{{directory / "mask.h5", "/mask"}, {}};
  judged.probability = VolumePath{directory / "probability.h5", "/probability"};
  for (EvaluateOptions* one : {&masked, &judged}) {
    EXPECT_THAT(failure(*one), testing::AllOf(testing::HasSubstr("has voxels of 40 x 4.6"),
                                              testing::HasSubstr("expected 47.5 x 4.6"),
                                              testing::HasSubstr("or --voxel-size Z,Y,X")));
    one->voxel_size = StatedVoxelSize{{50, 5, 5}, "--voxel-size"};
    testing::internal::CaptureStderr();
    EXPECT_EQ(evaluate(*one).voxel_size, (VoxelSize{50, 5, 5}));
    EXPECT_THAT(testing::internal::GetCapturedStderr(),
                testing::HasSubstr("voxels are 50 x 5 x 5 nm (z, y, x) as --voxel-size says, not 40 x 4.6"));
  }
  // Also where the labels say nothing.
  write_volume(directory / "labels.h5", "labels", labels, std::nullopt);
  masked.voxel_size.reset();
  EXPECT_THAT(failure(masked), testing::HasSubstr("expected 47.5 x 4.6 x 4.6 nm (z, y, x) as "));
}

TEST_F(EvaluateInputsTest, AVoxelSizeThatIsStatedNeedNotMakeSenseInTheFile) {
  write_both();
  h5::File file = h5::File::open_write(directory / "truth.h5");
  file.dataset("truth").set_attribute("resolution", std::vector<double>{1, 2, 3});
  file.close();
  EXPECT_THAT(failure(options()), testing::HasSubstr("resolution"));
  EvaluateOptions stated = options();
  stated.voxel_size = StatedVoxelSize{vnc_voxel, "--voxel-size"};
  EXPECT_EQ(failure(stated), "no error");
}

TEST_F(EvaluateInputsTest, TheAttributeFirstSectionCountsInTheVolume) {
  write_volume(directory / "labels.h5", "labels", sections_of(labels, 2, 8));  // of volume.box: [2:8, :, :]
  write_volume(directory / "truth.h5", "truth", sections_of(truth, 3, 7), vnc_voxel, 3);
  EvaluateOptions boxed = options();
  boxed.labels_begin = {2, 0, 0};
  const Evaluation found = evaluate(boxed);
  EXPECT_EQ(found.sections.begin, 1);
  EXPECT_EQ(found.sections.end, 5);
  expect_equal(found.voxels, counted({3, 7}));
  boxed.sections = AskedSections{1, 2};  // of the labels
  expect_equal(evaluate(boxed).voxels, counted({3, 4}));
  boxed.sections = AskedSections{3, 7};
  EXPECT_THAT(failure(boxed), testing::HasSubstr("expected a part of 1:5"));
  boxed.sections = {};
  boxed.truth_first_section = 3;  // of the labels: another place
  EXPECT_THAT(failure(boxed),
              testing::HasSubstr("its attribute first_section (3 of the volume, at whose section "
                                 "2 volume.box begins)"));
}

TEST_F(EvaluateInputsTest, AnOffsetIsNoPlaceInABoxThatDoesNotSayWhereItLies) {
  write_volume(directory / "labels.h5", "labels", sections_of(labels, 2, 8), std::nullopt);
  write_volume(directory / "truth.h5", "truth", sections_of(truth, 2, 8), std::nullopt);
  EvaluateOptions boxed = options();
  boxed.labels_begin = {2, 0, 0};  // of volume.box: [2:8, :, :]
  const auto expected = counted({2, 8});
  expect_equal(evaluate(boxed).voxels, expected);
  {
    h5::File file = h5::File::open_write(directory / "truth.h5");
    file.dataset("truth").set_attribute("offset", std::vector<double>{0, 0, 0});
  }
  EXPECT_THAT(failure(boxed), testing::HasSubstr("does not say where it lies; expected --truth-begin Z,Y,X"));
  boxed.truth_begin = Extent{0, 0, 0};
  expect_equal(evaluate(boxed).voxels, expected);
}

TEST_F(EvaluateInputsTest, ATruthOfWhichPartsWereNeverWrittenIsTold) {
  write_both();
  EvaluateOptions sparse = options();
  sparse.truth.options.missing = Missing::sparse;
  const auto logged = [&] {
    testing::internal::CaptureStderr();
    evaluate(sparse);
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_THAT(logged(), testing::Not(testing::HasSubstr("never written")));
  h5::write_file(directory / "truth.h5", [&](h5::File& file) {
    auto dataset = file.create_dataset<std::uint64_t>("truth", {8, 30, 32}, {.chunks = {4, 30, 32}});
    dataset.write_part<std::uint64_t>({0, 0, 0}, {4, 30, 32}, truth.voxels().first(to_size(4 * 30 * 32)));
  });
  EXPECT_THAT(logged(), testing::HasSubstr(
                            "truth.h5:/truth: 1 of its 2 chunks were never written; no object is there"));
}

TEST_F(EvaluateInputsTest, NmAreRefusedWithoutAVoxelSize) {
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

}  // namespace
}  // namespace cleft
