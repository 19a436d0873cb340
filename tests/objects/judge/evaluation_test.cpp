#include "objects/judge/evaluation.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cleft {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// Two detections and two truth objects, of which one pair is matched; one truth object is too small to
/// judge.
Evaluation example() {
  Evaluation e;
  e.sections = {5, 10};
  e.voxel_size = VoxelSize{40, 4, 5};
  e.voxels = {30, 10, 20};
  e.judges_probability = true;
  e.probability = ProbabilityScore{0.61, 0.6, 0.45, 0.55, 0.65};
  e.detections = {{7, 50, {6, 10, 20}}, {9, 20, {7, 1.5, 2.25}}};
  e.truths = {{1, 70, {6, 11, 21}}, {2, 40, {8, 9, 10}}, {3, 2, {9, 9, 9}}};
  e.objects.matches = {{0, 0, 30, 0}};
  e.objects.false_detections = {1};
  e.objects.missed_truths = {1};
  e.objects.ignored_truths = 1;
  return e;
}

TEST(Evaluation, TheTextHasTheFiguresAndThePlaces) {
  EXPECT_EQ(
      to_text(example()),
      "sections     5:10\n"
      "voxels       precision 0.7500  recall 0.6000  F1 0.6667\n"
      "probability  average precision 0.6100  best F1 0.6000 at 0.4500\n"
      "objects      precision 0.5000  recall 0.5000  F1 0.5000\n"
      "             2 truth objects (1 more too small to judge), 2 detections, 1 matched by an overlap of at "
      "least 1 voxel\n"
      "missed       1\n"
      "         2  at z 8.0, y 9.0, x 10.0  40 voxels\n"
      "false        1\n"
      "         9  at z 7.0, y 1.5, x 2.2  20 voxels\n");
}

TEST(Evaluation, TheTextNamesAPartAndWhatIsNotJudged) {
  Evaluation e = example();
  e.part = Box{{5, 8, 0}, {10, 56, 64}};
  e.voxels_not_judged = 7;
  EXPECT_THAT(to_text(e),
              testing::StartsWith("part         z 5:10, y 8:56, x 0:64\n"
                                  "not judged   7 voxels outside the mask or invalid in the truth\n"));
  e.voxels_judged = 93;
  const json j = json::parse(to_json(e));
  EXPECT_EQ(j["part"], json::parse("[[5, 10], [8, 56], [0, 64]]"));
  EXPECT_EQ(j["voxels_not_judged"], 7);
  EXPECT_EQ(j["voxels_judged"], 93);
  EXPECT_TRUE(json::parse(to_json(example()))["part"].is_null());
}

TEST(Evaluation, WhatIsNotJudgedIsListedApart) {
  Evaluation e = example();
  e.objects.false_detections.clear();
  e.objects.missed_truths.clear();
  e.objects.not_judged_detections = {1};
  e.objects.not_judged_truths = {1};
  e.objects.matched_truths_outside = 1;
  e.detection_reach = {{50, 50}, {60, 20}};
  e.truth_reach = {{90, 30}, {100, 40}, {2, 2}};
  EXPECT_THAT(
      to_text(e),
      HasSubstr("             1 truth object (1 more too small to judge), 1 detection, 1 matched by"));
  EXPECT_THAT(to_text(e),
              testing::EndsWith("missed       0\n"
                                "false        0\n"
                                "not judged   1 detection, unmatched and mostly outside what is judged\n"
                                "         9  at z 7.0, y 1.5, x 2.2  20 of 60 voxels judged\n"
                                "not judged   1 truth object, unmatched and mostly outside what is judged\n"
                                "         2  at z 8.0, y 9.0, x 10.0  40 of 100 voxels judged\n"));
  const json objects = json::parse(to_json(e))["objects"];
  EXPECT_EQ(objects["false"], 0);
  EXPECT_EQ(objects["f1"], 1);
  EXPECT_EQ(objects["truth_count"], 1);
  EXPECT_EQ(objects["detection_count"], 1);
  EXPECT_EQ(objects["matched_truths_mostly_outside"], 1);
  ASSERT_EQ(objects["not_judged_detections"].size(), 1U);
  EXPECT_EQ(objects["not_judged_detections"][0]["id"], 9);
  EXPECT_EQ(objects["not_judged_detections"][0]["whole_voxels"], 60);
  EXPECT_EQ(objects["not_judged_detections"][0]["judged_voxels"], 20);
  EXPECT_EQ(objects["not_judged_truths"][0]["id"], 2);
  EXPECT_TRUE(json::parse(to_json(example()))["objects"]["not_judged_truths"].empty());
}

TEST(Evaluation, IntervalsStandBelowTheirFigures) {
  Evaluation e = example();
  e.bootstrap = {.resamplings = 500, .seed = 4};
  e.intervals.precision = Interval{0.25, 0.75};
  e.intervals.f1 = Interval{0.1, 0.90049};
  EXPECT_THAT(
      to_text(e),
      HasSubstr(
          "objects      precision 0.5000  recall 0.5000  F1 0.5000\n"
          "intervals    precision 0.250-0.750  recall undefined  F1 0.100-0.900  (95 %, 500 resamplings)\n"));
  EXPECT_EQ(json::parse(to_json(e))["objects"]["intervals"],
            json::parse(R"({"level": 0.95, "resamplings": 500, "seed": 4, "precision": [0.25, 0.75],
                            "recall": null, "f1": [0.1, 0.90049]})"));
  EXPECT_TRUE(json::parse(to_json(example()))["objects"]["intervals"].is_null());
}

TEST(Evaluation, RanksHaveALineAndTheirFigures) {
  Evaluation e = example();
  e.curve = RankedCurve{
      .rank = "decisive_ratio", .points = {{12.5, {1, 0, 1}}, {3, {1, 1, 1}}}, .average_precision = 0.5};
  EXPECT_THAT(
      to_text(e),
      HasSubstr("ranked       average precision 0.5000  best F1 0.6667 at 12.5  (by decisive_ratio)\n"));
  EXPECT_EQ(json::parse(to_json(e))["objects"]["ranked"],
            json::parse(R"({"rank": "decisive_ratio", "average_precision": 0.5, "best_f1": 0.6666666666666666,
                            "best_threshold": 12.5})"));
  EXPECT_TRUE(json::parse(to_json(example()))["objects"]["ranked"].is_null());
}

TEST(Evaluation, DistancesHaveALineAndTheirFigures) {
  Evaluation e = example();
  e.distances = VoxelDistances{.detected_to_truth = 12.34, .truth_to_detected = 20, .false_to_truth = 40};
  EXPECT_THAT(to_text(e),
              HasSubstr("F1 0.6667\ndistances    ADGT 12.3 nm  ADF 20.0 nm  CREMI score 16.2 nm\n"));
  EXPECT_EQ(
      json::parse(to_json(e))["distances"],
      json::parse(R"({"detected_to_truth_nm": 12.34, "truth_to_detected_nm": 20.0, "cremi_score_nm": 16.17,
                            "false_to_truth_nm": 40.0, "missed_to_detected_nm": null})"));
  EXPECT_TRUE(json::parse(to_json(example()))["distances"].is_null());
}

TEST(Evaluation, PlacesInNmCountFromTheOffset) {
  Evaluation e = example();
  e.offset = {1000, 0, -5};
  EXPECT_EQ(json::parse(to_json(e))["objects"]["false_objects"][0]["centroid_nm"],
            json::parse("[1280.0, 6.0, 6.25]"));
}

TEST(Evaluation, TheTextNamesTheCriterion) {
  Evaluation e = example();
  e.match = {.criterion = MatchOptions::Criterion::iou, .iou = 0.3};
  EXPECT_THAT(to_text(e), HasSubstr("intersection over union of at least 0.3"));
  e.match = {.criterion = MatchOptions::Criterion::centroid_distance, .distance_nm = 100};
  EXPECT_THAT(to_text(e), HasSubstr("centroids at most 100 nm apart"));
}

TEST(Evaluation, TheJsonHasAllOfIt) {
  const json j = json::parse(to_json(example()));
  EXPECT_EQ(j["sections"], json::parse("[5, 10]"));
  EXPECT_EQ(j["voxel_size_nm"], json::parse("[40, 4, 5]"));
  EXPECT_EQ(j["voxels"]["matched"], 30);
  EXPECT_EQ(j["voxels"]["recall"], 0.6);
  EXPECT_EQ(j["probability"]["average_precision"], 0.61);
  const json& objects = j["objects"];
  EXPECT_EQ(objects["truth_count"], 2);
  EXPECT_EQ(objects["ignored_truth_count"], 1);
  EXPECT_EQ(objects["f1"], 0.5);
  EXPECT_EQ(
      objects["matches"],
      json::parse(R"([{"detection": 7, "truth": 1, "overlap_voxels": 30, "iou": 0.3333333333333333}])"));
  EXPECT_EQ(objects["missed_objects"],
            json::parse(R"([{"id": 2, "size_voxels": 40, "centroid_voxels": [8, 9, 10],
                                                        "centroid_nm": [320, 36, 50]}])"));
  EXPECT_EQ(objects["false_objects"][0]["centroid_voxels"], json::parse("[7, 1.5, 2.25]"));
}

TEST(Evaluation, SharesOfNothingAreUndefinedAndNull) {
  Evaluation e;
  e.sections = {0, 4};
  e.judges_probability = true;
  EXPECT_EQ(to_text(e),
            "sections     0:4\n"
            "voxels       precision undefined  recall undefined  F1 undefined\n"
            "probability  average precision undefined  best F1 undefined\n"
            "objects      precision undefined  recall undefined  F1 undefined\n"
            "             0 truth objects, 0 detections, 0 matched by an overlap of at least 1 voxel\n"
            "missed       0\n"
            "false        0\n");
  const json j = json::parse(to_json(e));
  for (const char* of : {"voxels", "objects"})
    for (const char* share : {"precision", "recall", "f1"})
      EXPECT_TRUE(j[of][share].is_null()) << of << ' ' << share;
  EXPECT_TRUE(j["probability"].is_object());
  for (const auto& [name, value] : j["probability"].items()) EXPECT_TRUE(value.is_null()) << name;
}

TEST(Evaluation, AReportIsKnownFromOtherFiles) {
  const auto known = [](const std::string& text) {
    std::istringstream in(text);
    return is_report(in);
  };
  EXPECT_TRUE(known(to_json(example())));
  for (const char* other : {"", "\x89HDF", "[1, 2]", "{}", R"({"sections": [0, 1]})", "{\"sections\": "})
    EXPECT_FALSE(known(other)) << other;
}

TEST(Evaluation, WhatIsUnknownIsNullOrAbsent) {
  Evaluation e = example();
  e.voxel_size.reset();
  e.judges_probability = false;
  e.probability.reset();
  const json j = json::parse(to_json(e));
  EXPECT_TRUE(j["voxel_size_nm"].is_null());
  EXPECT_TRUE(j["probability"].is_null());
  EXPECT_FALSE(j["objects"]["missed_objects"][0].contains("centroid_nm"));
  EXPECT_THAT(to_text(e), testing::Not(HasSubstr("probability")));
}

Evaluation by_verdicts() {
  Evaluation e;
  e.match.criterion = MatchOptions::Criterion::verdict;
  e.review = ReviewTruth{.accepted = 1, .rejected = 1, .unsure = 2, .unjudged = 3, .precision = {}};
  e.review->precision.text = "no precision";
  e.detections = {{7, 50, {6, 10, 20}}, {9, 20, {7, 1.5, 2.25}}};
  e.truths = {{7, 50, {6, 10, 20}}, {1, 0, {8, 9, 10}}};
  e.objects.matches = {{0, 0, 50, 0}};
  e.objects.false_detections = {1};
  e.objects.missed_truths = {1};
  return e;
}

TEST(Evaluation, ByVerdictsSaysWhatAReviewKnows) {
  const Evaluation e = by_verdicts();
  EXPECT_EQ(
      to_text(e),
      "review       1 accepted, 1 rejected; 2 unsure and 3 without a verdict are neither right nor wrong\n"
      "             no precision\n"
      "             these figures are of the decided objects alone: they tell no recall of the run\n"
      "decided      precision 0.5000  recall 0.5000  F1 0.5000\n"
      "             1 accepted object and 1 missed place, 2 detections, 1 matched by what people have said "
      "of "
      "them\n"
      "missed       1\n"
      "  mark     1  at z 8.0, y 9.0, x 10.0\n"
      "false        1\n"
      "         9  at z 7.0, y 1.5, x 2.2  20 voxels\n");
  const json j = json::parse(to_json(e));
  EXPECT_TRUE(j["voxels"].is_null());
  EXPECT_EQ(j["objects"]["review"]["unjudged"], 3);
  EXPECT_EQ(j["objects"]["review"]["recall_is"], "of the decided objects");
  EXPECT_EQ(j["objects"]["review"]["precision"],
            json::parse(R"({"precision": null, "interval": null, "sample": 0, "synapses": 0,
                            "text": "no precision"})"));
  EXPECT_EQ(j["objects"]["missed_objects"],
            json::parse(R"([{"mark": 1, "place_voxels": [8.0, 9.0, 10.0]}])"));
  EXPECT_EQ(j["objects"]["matches"], json::parse(R"([{"detection": 7, "truth": 7}])"));
  std::istringstream text(to_json(e));
  EXPECT_TRUE(is_report(text));
}

TEST(Evaluation, ByVerdictsBoundsTheRecallWhereEverySynapseIsDecided) {
  Evaluation e = by_verdicts();
  e.review->unsure = e.review->unjudged = 0;
  e.review->candidates_accepted = 1;
  e.review->candidates_rejected = 4;
  e.review->marks_in_objects = 2;
  e.review->precision = {
      .precision = 0.5, .interval = Interval{0.25, 0.75}, .sample = 2, .synapses = 2, .text = "a line"};
  e.truths.push_back({12, 30, {3, 4, 5}});
  e.objects.missed_truths.push_back(2);
  const std::string text = to_text(e);
  EXPECT_THAT(text,
              HasSubstr("\ncandidates   1 accepted: missed, as the run does not report them; 4 rejected: "
                        "nothing\nmarks        2 in objects that the run has: no missed places\n"));
  EXPECT_THAT(text, HasSubstr("the run's recall is at most this\n"));
  EXPECT_THAT(text, HasSubstr("             2 accepted objects and 1 missed place,"));
  EXPECT_THAT(text, HasSubstr("\n  candidate    12  at z 3.0, y 4.0, x 5.0\n"));
  const json j = json::parse(to_json(e))["objects"];
  EXPECT_EQ(j["review"]["recall_is"], "at most this");
  EXPECT_EQ(j["review"]["candidates_accepted"], 1);
  EXPECT_EQ(j["review"]["candidates_rejected"], 4);
  EXPECT_EQ(j["review"]["marks_in_objects"], 2);
  EXPECT_EQ(j["review"]["precision"]["precision"], 0.5);
  EXPECT_EQ(j["review"]["precision"]["interval"], json::parse("[0.25, 0.75]"));
  EXPECT_EQ(j["missed_objects"][1]["candidate"], 12);
}

}  // namespace
}  // namespace cleft
