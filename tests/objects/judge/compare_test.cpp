#include "objects/judge/compare.hpp"

#include <map>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

constexpr VoxelSize voxel{10, 2, 2};

/// A labelled volume as the comparison sees it.
struct Side {
  std::vector<ObjectRun> runs;
  std::vector<RunObject> objects;

  explicit Side(const Array3<std::uint64_t>& labels) {
    append_runs(runs, labels.view(), {0, 0, 0});
    objects = objects_of(runs);
  }
  explicit Side(std::vector<ObjectRun> given) : runs(std::move(given)), objects(objects_of(runs)) {}
};

Comparison compared(const Side& detected, const Side& truth, const MatchOptions& options,
                    std::int64_t min_truth_size = 1) {
  const auto overlaps = overlapping_pairs(detected.runs, truth.runs, detected.objects, truth.objects);
  return compare_objects(detected.objects, truth.objects, overlaps, options, min_truth_size, voxel);
}

Array3<std::uint64_t> random_labels(const Extent& extent, std::uint64_t seed) {
  Array3<std::uint64_t> labels(extent);
  Random random(seed);
  for (auto& v : labels.voxels()) v = random.below(2) * (3 + 5 * random.below(4));
  return labels;
}

TEST(Compare, OverlapsAreCountedVoxelByVoxel) {
  const auto a = random_labels({4, 5, 40}, 1), b = random_labels({4, 5, 40}, 2);
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::int64_t> expected;
  for (std::size_t i = 0; i < a.voxels().size(); ++i)
    if (a.voxels()[i] != 0 && b.voxels()[i] != 0) ++expected[{a.voxels()[i], b.voxels()[i]}];
  const Side detected(a), truth(b);
  const auto pairs = overlapping_pairs(detected.runs, truth.runs, detected.objects, truth.objects);
  ASSERT_EQ(pairs.size(), expected.size());
  for (const Candidate& c : pairs)
    EXPECT_EQ(c.overlap, (expected[{detected.objects[c.detection].id, truth.objects[c.truth].id}]));
}

TEST(Compare, RowsWithoutACounterpartOverlapNothing) {
  const Side detected({{0, 1, 0, 9, 1}, {3, 0, 0, 9, 2}}), truth({{0, 0, 0, 9, 1}, {3, 0, 8, 12, 2}});
  const auto pairs = overlapping_pairs(detected.runs, truth.runs, detected.objects, truth.objects);
  EXPECT_EQ(pairs, (std::vector<Candidate>{{1, 1, 1, 0}}));
}

TEST(Compare, ASplitTruthIsFoundOnceAndTheOtherPieceIsFalse) {
  const Side detected({{0, 0, 0, 4, 1}, {0, 0, 6, 12, 2}}), truth({{0, 0, 0, 12, 1}});
  const auto c = compared(detected, truth, {});
  EXPECT_EQ(c.matches, (std::vector<Candidate>{{1, 0, 6, 0}}));
  EXPECT_EQ(c.false_detections, std::vector<std::size_t>{0});
  EXPECT_TRUE(c.missed_truths.empty());
}

TEST(Compare, AMergedDetectionFindsOneAndMissesOne) {
  const Side detected({{0, 0, 0, 12, 1}}), truth({{0, 0, 0, 4, 1}, {0, 0, 6, 12, 2}});
  const auto c = compared(detected, truth, {});
  EXPECT_EQ(c.missed_truths, std::vector<std::size_t>{0});
  EXPECT_TRUE(c.false_detections.empty());
}

TEST(Compare, OverlapAndIouBoundsAreInclusive) {
  const Side detected({{0, 0, 0, 6, 1}}), truth({{0, 0, 3, 9, 1}});  // 3 of 9 voxels
  using Criterion = MatchOptions::Criterion;
  const auto matched = [&](const MatchOptions& options) {
    return compared(detected, truth, options).matches.size();
  };
  EXPECT_EQ(matched({.criterion = Criterion::overlap, .overlap_voxels = 3}), 1U);
  EXPECT_EQ(matched({.criterion = Criterion::overlap, .overlap_voxels = 4}), 0U);
  EXPECT_EQ(matched({.criterion = Criterion::iou, .iou = 1.0 / 3}), 1U);
  EXPECT_EQ(matched({.criterion = Criterion::iou, .iou = 0.334}), 0U);
}

TEST(Compare, CentroidsAreComparedInNm) {
  const Side detected({{0, 0, 0, 1, 1}, {5, 9, 9, 10, 2}}), truth({{1, 3, 4, 5, 1}});  // 10, 6, 8 nm away
  const double distance = std::sqrt(200.0);
  const auto at = [&](double limit) {
    return compared(detected, truth,
                    {.criterion = MatchOptions::Criterion::centroid_distance, .distance_nm = limit});
  };
  ASSERT_EQ(at(distance).matches.size(), 1U);
  EXPECT_EQ(at(distance).matches[0].detection, 0U);
  EXPECT_DOUBLE_EQ(at(distance).matches[0].distance_nm, distance);
  EXPECT_EQ(at(distance - 0.001).matches.size(), 0U);
}

TEST(Compare, SmallTruthIsNeitherMissedNorFalseWhenFound) {
  const Side detected({{0, 0, 0, 2, 1}, {0, 5, 0, 2, 2}}), truth({{0, 0, 0, 3, 1}, {0, 9, 0, 3, 2}});
  const auto c = compared(detected, truth, {}, 4);
  EXPECT_EQ(c.ignored_truths, 2);
  EXPECT_TRUE(c.missed_truths.empty());
  EXPECT_EQ(c.false_detections, std::vector<std::size_t>{1});
}

TEST(Compare, WhatIsUnmatchedAndMostlyOutsideIsSetApart) {
  Comparison c{.matches = {{0, 0, 5, 0}, {1, 1, 5, 0}}, .false_detections = {2, 3}, .missed_truths = {2, 3}};
  const std::vector<Reach> detections{{9, 1}, {9, 9}, {9, 4}, {9, 5}}, truths{{9, 9}, {9, 1}, {9, 5}, {9, 4}};
  set_apart_outside(c, detections, truths);
  EXPECT_EQ(c.false_detections, std::vector<std::size_t>{3});
  EXPECT_EQ(c.not_judged_detections, std::vector<std::size_t>{2});
  EXPECT_EQ(c.missed_truths, std::vector<std::size_t>{2});
  EXPECT_EQ(c.not_judged_truths, std::vector<std::size_t>{3});
  EXPECT_EQ(c.matched_truths_outside, 1);
  EXPECT_EQ(c.agreement().matched, 2);
  EXPECT_EQ(c.agreement().false_found, 1);
  EXPECT_EQ(c.agreement().missed, 1);
  set_apart_outside(c, {}, {});
  EXPECT_EQ(c.agreement().false_found, 1);
}

TEST(Compare, PrecisionRecallAndF1FollowTheirDefinitions) {
  const Agreement a{6, 2, 4};
  EXPECT_EQ(a.precision(), 0.75);
  EXPECT_EQ(a.recall(), 0.6);
  EXPECT_EQ(a.f1(), 12.0 / 18);
}

TEST(Compare, SharesOfNothingAreUndefined) {
  const Agreement nothing_anywhere{0, 0, 0}, nothing_found{0, 0, 3}, nothing_to_find{0, 3, 0};
  EXPECT_FALSE(nothing_anywhere.precision());
  EXPECT_FALSE(nothing_anywhere.recall());
  EXPECT_FALSE(nothing_anywhere.f1());
  EXPECT_FALSE(nothing_found.precision());
  EXPECT_EQ(nothing_found.recall(), 0);
  EXPECT_EQ(nothing_found.f1(), 0);
  EXPECT_EQ(nothing_to_find.precision(), 0);
  EXPECT_FALSE(nothing_to_find.recall());
  EXPECT_EQ(nothing_to_find.f1(), 0);
}

}  // namespace
}  // namespace cleft
