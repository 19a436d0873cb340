#include "pipeline/evaluate/evaluate.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/label.hpp"
#include "io/h5/file.hpp"
#include "io/h5/volume_attributes.hpp"
#include "pipeline/evaluate/evaluate_test.hpp"

namespace cleft {
namespace {

using test::sections_of;
using test::vnc_voxel;
using test::write_volume;

class Evaluate : public test::EvaluateTest {};

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
  part.sections = AskedSections{2, 5};
  expect_equal(evaluate(part).voxels, counted({2, 5}));
  part.cut_objects = true;
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

/// A box of a volume.
template <class T>
Array3<T> box_of(const Array3<T>& volume, const Box& box) {
  return Array3<T>::copy_of(volume.view().part({box.begin.z, box.begin.y, box.begin.x}, box.extent()));
}

/// The same volume with 0 outside a box.
Array3<std::uint64_t> only_in(const Array3<std::uint64_t>& volume, const Box& box) {
  Array3<std::uint64_t> part(volume.extent());
  for (std::int64_t i = 0; i < volume.size(); ++i)
    if (box.contains(voxel_at(i, volume.extent()))) part.data()[i] = volume.data()[i];
  return part;
}

void write_placed(const std::filesystem::path& path, const std::string& dataset,
                  const Array3<std::uint64_t>& volume, const std::optional<PerAxis<double>>& offset) {
  write_volume(path, dataset, volume);
  h5::File file = h5::File::open_write(path);
  if (offset)
    file.dataset(dataset).set_attribute("offset", std::vector<double>{offset->z, offset->y, offset->x});
  file.close();
}

TEST_F(Evaluate, ATruthOfAnyPartIsJudgedWhereItLies) {
  const Box box{{2, 4, 7}, {7, 25, 30}};
  const PerAxis<double> offset{2 * 47.5, 4 * 4.6, 7 * 4.6};
  // The same without parts: both cut to the box.
  write_volume(directory / "labels.h5", "labels", only_in(labels, box));
  write_volume(directory / "truth.h5", "truth", only_in(truth, box));
  EvaluateOptions cut = options();
  cut.truth_gap_nm = 9.2;
  const Evaluation expected = evaluate(cut);

  write_volume(directory / "labels.h5", "labels", labels);
  write_placed(directory / "truth.h5", "truth", box_of(truth, box), offset);
  const auto expect_same = [&](const Evaluation& found) {
    EXPECT_EQ(found.part, box);
    EXPECT_EQ(found.voxels_judged, voxel_count(box.extent()));
    expect_equal(found.voxels, expected.voxels);
    EXPECT_EQ(found.detections, expected.detections);
    EXPECT_EQ(found.truths, expected.truths);
  };
  expect_same(evaluate(cut));

  EvaluateOptions stated = cut;
  stated.truth_begin = Extent{2, 4, 7};
  expect_same(evaluate(stated));
  write_placed(directory / "truth.h5", "truth", box_of(truth, box), {});
  expect_same(evaluate(stated));
  EXPECT_THAT(failure(cut), testing::AllOf(testing::HasSubstr("does not say where it lies"),
                                           testing::HasSubstr("--truth-begin Z,Y,X")));
  // The truth of all of it, and a result of the part.
  const PerAxis<double> world{1e5, -40, 8};
  write_placed(directory / "truth.h5", "truth", truth, world);
  write_placed(directory / "labels.h5", "labels", box_of(labels, box),
               PerAxis<double>{world.z + offset.z, world.y + offset.y, world.x + offset.x});
  const Evaluation of_part = evaluate(cut);
  EXPECT_FALSE(of_part.part);
  expect_equal(of_part.voxels, expected.voxels);
  EXPECT_EQ(of_part.truths.size(), expected.truths.size());
}

TEST_F(Evaluate, PlacesThatContradictEachOtherOrLieBetweenVoxelsAreRefused) {
  write_volume(directory / "labels.h5", "labels", labels);
  write_placed(directory / "truth.h5", "truth", sections_of(truth, 3, 7), PerAxis<double>{3 * 47.5, 0, 0});
  expect_equal(evaluate(options()).voxels, counted({3, 7}));
  EvaluateOptions other = options();
  other.truth_first_section = 2;
  EXPECT_THAT(failure(other), testing::AllOf(testing::HasSubstr("--truth-sections-from"),
                                             testing::HasSubstr("the offset z 142.5")));
  h5::File file = h5::File::open_write(directory / "truth.h5");
  file.dataset("truth").set_attribute("first_section", std::int64_t{4});
  file.close();
  EXPECT_THAT(failure(options()), testing::HasSubstr("its attribute first_section"));
  write_placed(directory / "truth.h5", "truth", sections_of(truth, 3, 7), PerAxis<double>{61, 0, 0});
  EXPECT_THAT(failure(options()), testing::AllOf(testing::HasSubstr("the offset z 61"),
                                                 testing::HasSubstr("a whole number of voxels")));
  write_placed(directory / "truth.h5", "truth", truth, PerAxis<double>{47.5, 0, 0});
  EXPECT_THAT(failure(options()), testing::HasSubstr("the same offset"));
}

TEST_F(Evaluate, WhatTheTruthCallsInvalidCountsInNothing) {
  const auto valid = [](std::int64_t x) { return x < 18; };
  Array3<std::uint64_t> marked(extent), labels_valid(extent), truth_valid(extent);
  Array3<std::uint8_t> probability(extent), probability_valid(extent);
  Random random(5);
  for (std::int64_t i = 0; i < marked.size(); ++i) {
    const bool in = valid(voxel_at(i, extent).x);
    const std::uint64_t there = truth.data()[i], found = labels.data()[i];
    marked.data()[i] = !in ? cremi_invalid : there == 0 ? cremi_background : there;
    labels_valid.data()[i] = in ? found : 0;
    truth_valid.data()[i] = in ? there : 0;
    probability.data()[i] = static_cast<std::uint8_t>(random.below(256));
  }
  write_volume(directory / "labels.h5", "labels", labels_valid);
  write_volume(directory / "truth.h5", "truth", truth_valid);
  const Evaluation expected = evaluate(options());
  write_volume(directory / "labels.h5", "labels", labels);
  write_volume(directory / "truth.h5", "truth", marked);
  write_volume(directory / "probability.h5", "probability", probability);
  EvaluateOptions judged = options();
  judged.probability = VolumePath{directory / "probability.h5", "/probability"};
  for (const bool labelled : {false, true}) {
    judged.truth_is_labelled = labelled;
    const Evaluation found = evaluate(judged);
    expect_equal(found.voxels, expected.voxels);
    EXPECT_EQ(found.detections, expected.detections);
    EXPECT_EQ(found.voxels_judged, extent.z * extent.y * 18);
    EXPECT_EQ(found.voxels_not_judged, extent.z * extent.y * 14);
    EXPECT_TRUE(labelled || found.truths == expected.truths);
  }
  // Average precision over the valid voxels alone: the same with other probabilities in the invalid part.
  const double precision = evaluate(judged).probability->average_precision;
  for (std::int64_t i = 0; i < marked.size(); ++i)
    if (!valid(voxel_at(i, extent).x)) probability.data()[i] = 255;
  write_volume(directory / "probability.h5", "probability", probability);
  EXPECT_EQ(evaluate(judged).probability->average_precision, precision);
}

TEST_F(Evaluate, OutsideTheMaskNothingIsJudged) {
  const Box inside{{1, 0, 0}, {8, 20, 32}};
  write_volume(directory / "labels.h5", "labels", only_in(labels, inside));
  write_volume(directory / "truth.h5", "truth", only_in(truth, inside));
  const Evaluation expected = evaluate(options());
  write_both();
  Array3<std::uint16_t> mask(inside.extent());
  mask.fill(300);
  write_volume(directory / "mask.h5", "mask", mask);
  EvaluateOptions masked = options();
  masked.mask = PlacedMask{{directory / "mask.h5", "/mask"}, inside.begin};
  const Evaluation found = evaluate(masked);
  expect_equal(found.voxels, expected.voxels);
  EXPECT_EQ(found.truths, expected.truths);
  EXPECT_EQ(found.detections, expected.detections);
  EXPECT_EQ(found.voxels_judged, voxel_count(inside.extent()));
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

TEST_F(Evaluate, SmoothingReadsTheSectionsBesideTheJudgedOnes) {
  write_both();
  Array3<float> probability(extent);  // the truth, but 0 in the judged section
  for (std::size_t i = 0; i < truth.voxels().size(); ++i)
    probability.voxels()[i] = truth.voxels()[i] != 0 ? 1.0F : 0.0F;
  std::fill_n(probability.row(3, 0), extent.y * extent.x, 0.0F);
  write_volume(directory / "probability.h5", "probability", probability);
  EvaluateOptions judged = options();
  judged.probability = VolumePath{directory / "probability.h5", "/probability"};
  judged.sections = AskedSections{3, 4};
  EXPECT_EQ(evaluate(judged).probability->best_threshold, 0);
  judged.sigma = {1, 0, 0};
  EXPECT_GT(evaluate(judged).probability->best_threshold, 0);
}

TEST_F(Evaluate, GreyValuesAreNotQuietlyTakenForATruth) {
  for (std::int64_t i = 0; i < truth.size(); ++i) truth.data()[i] = to_size(i * 7919 % 251);
  write_both();
  EvaluateOptions judged = options();
  judged.truth_is_labelled = true;
  testing::internal::CaptureStderr();
  evaluate(judged);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::HasSubstr("truth.h5:/truth: 250 objects together fill "));
}

TEST_F(Evaluate, NothingToFindIsUndefinedAndWarnedAbout) {
  truth.fill(~std::uint64_t{0});  // background as CREMI writes it
  write_both();
  write_volume(directory / "probability.h5", "probability", Array3<std::uint8_t>(extent));
  EvaluateOptions judged = options();
  judged.probability = VolumePath{directory / "probability.h5", "/probability"};
  judged.sections = AskedSections{2, 6};
  testing::internal::CaptureStderr();
  const Evaluation found = evaluate(judged);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::AllOf(testing::HasSubstr("truth.h5:/truth: no object in what is judged"),
                             testing::HasSubstr("labels.h5:/labels, z 2:6, y 0:30, x 0:32")));
  EXPECT_FALSE(found.objects.agreement().recall());
  EXPECT_FALSE(found.voxels.recall());
  EXPECT_EQ(found.voxels.precision(), 0);
  EXPECT_TRUE(found.judges_probability);
  EXPECT_FALSE(found.probability);

  labels.fill(0);
  write_volume(directory / "labels.h5", "labels", labels);
  const Evaluation nothing = evaluate(options());
  EXPECT_FALSE(nothing.objects.agreement().f1());
  EXPECT_FALSE(nothing.voxels.f1());
}

TEST_F(Evaluate, ATruthOfObjectsTooSmallToJudgeIsWarnedAbout) {
  write_both();
  EvaluateOptions judged = options();
  judged.min_truth_size = 100000;
  testing::internal::CaptureStderr();
  evaluate(judged);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::HasSubstr("no object large enough to judge in what is judged"));
  testing::internal::CaptureStderr();
  evaluate(options());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(Evaluate, NegativeNumbersAreTold) {
  const auto logged = [&](std::int32_t object) {
    Array3<std::int32_t> signed_truth(extent);
    for (std::int64_t i = 0; i < truth.size(); ++i)
      signed_truth.data()[i] = truth.data()[i] != 0 ? -1 : i % 5 == 0 ? object : 0;
    write_volume(directory / "truth.h5", "truth", signed_truth);
    testing::internal::CaptureStderr();
    evaluate(options());
    return testing::internal::GetCapturedStderr();
  };
  write_volume(directory / "labels.h5", "labels", labels);
  EXPECT_THAT(logged(0), testing::AllOf(testing::HasSubstr("warning: "),
                                        testing::HasSubstr("hold -1 or -2 (int32), read as CREMI's"),
                                        testing::HasSubstr("no voxel that is judged holds the number of")));
  EXPECT_THAT(logged(7), testing::AllOf(testing::HasSubstr("hold -1 or -2 (int32), read as CREMI's"),
                                        testing::Not(testing::HasSubstr("warning: "))));
}

TEST_F(Evaluate, DistancesAreThoseOfTheJudgedVoxels) {
  labels.fill(0);
  truth.fill(0);
  labels(3, 10, 10) = labels(3, 10, 11) = 1;
  truth(3, 10, 11) = truth(4, 10, 11) = 1;
  labels(3, 29, 31) = 2;  // not in what is judged
  truth(2, 10, 10) = 1;   // nor is that
  write_both();
  EvaluateOptions judged = options();
  judged.distances = true;
  judged.box = Box{{3, 0, 0}, {8, 20, 32}};
  const auto distances = evaluate(judged).distances;
  ASSERT_TRUE(distances);
  EXPECT_DOUBLE_EQ(*distances->detected_to_truth, 4.6 / 2);
  EXPECT_DOUBLE_EQ(*distances->truth_to_detected, 47.5 / 2);
  EXPECT_DOUBLE_EQ(*distances->false_to_truth, 4.6);
  EXPECT_FALSE(evaluate(options()).distances);

  write_volume(directory / "labels.h5", "labels", labels, std::nullopt);
  write_volume(directory / "truth.h5", "truth", truth, std::nullopt);
  EXPECT_THAT(failure(judged), testing::HasSubstr("neither it nor the truth has a voxel size"));
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
