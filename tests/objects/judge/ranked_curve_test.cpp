#include "objects/judge/ranked_curve.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <set>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Pairs at random, as compare_objects would have found them.
Comparison random_comparison(std::size_t detections, std::size_t truths, Random& random) {
  Comparison c;
  for (std::size_t d = 0; d < detections; ++d)
    for (std::size_t t = 0; t < truths; ++t)
      if (random.below(8) == 0) c.candidates.push_back({d, t, 1 + random.below(9), 0});
  c.excused.resize(detections);
  for (std::size_t d = 0; d < detections; ++d) c.excused[d] = random.below(9) == 0;
  c.matches = match_one_to_one(detections, truths, c.candidates);
  std::set<std::size_t> matched, found;
  for (const Candidate& m : c.matches) {
    matched.insert(m.detection);
    found.insert(m.truth);
  }
  for (std::size_t t = 0; t < truths; ++t)
    if (!found.contains(t)) c.missed_truths.push_back(t);
  for (std::size_t d = 0; d < detections; ++d)
    if (!matched.contains(d) && !c.excused[d]) c.false_detections.push_back(d);
  return c;
}

/// The pairs that can be matched among the detections of at least a rank.
std::size_t matched_from(const Comparison& c, const std::vector<double>& ranks, std::size_t truths,
                         double threshold) {
  std::vector<Candidate> kept;
  for (const Candidate& pair : c.candidates)
    if (ranks[pair.detection] >= threshold) kept.push_back(pair);
  return match_one_to_one(ranks.size(), truths, kept).size();
}

TEST(RankedCurveTest, HasAtEachThresholdWhatMatchingAnewGives) {
  Random random(6);
  for (int repeat = 0; repeat < 50; ++repeat) {
    const std::size_t detections = 1 + random.below(25), truths = 1 + random.below(20);
    const Comparison c = random_comparison(detections, truths, random);
    std::vector<double> ranks(detections);
    for (double& rank : ranks) rank = random.below(12) * 0.5;
    const RankedCurve curve = ranked_curve(c, ranks, {});
    const std::set<double, std::greater<>> thresholds(ranks.begin(), ranks.end());
    ASSERT_EQ(curve.points.size(), thresholds.size());
    auto point = curve.points.begin();
    for (const double threshold : thresholds) {
      EXPECT_EQ(point->rank, threshold);
      const std::size_t matched = matched_from(c, ranks, truths, threshold);
      EXPECT_EQ(point->agreement.matched, static_cast<std::int64_t>(matched));
      EXPECT_EQ(point->agreement.missed, static_cast<std::int64_t>(truths - matched));
      ++point;
    }
    EXPECT_EQ(curve.points.back().agreement.matched, c.agreement().matched);
  }
}

TEST(RankedCurveTest, AveragePrecisionFollowsItsDefinition) {
  // Right, wrong, right (tied with wrong), and one that is never found.
  Comparison c;
  c.candidates = c.matches = {{0, 0, 1, 0}, {2, 1, 1, 0}};
  c.false_detections = {1, 3};
  c.missed_truths = {2};
  const RankedCurve curve = ranked_curve(c, std::vector<double>{9, 7, 5, 5}, {});
  ASSERT_EQ(curve.points.size(), 3U);
  EXPECT_DOUBLE_EQ(*curve.average_precision, 1.0 / 3 * 1 + 0 * 0.5 + 1.0 / 3 * 0.5);
  ASSERT_NE(curve.best(), nullptr);
  EXPECT_EQ(curve.best()->rank, 5);  // F1 4/7; 1/2 and 2/5 before
}

TEST(RankedCurveTest, TheHigherRankedOfTwoHasTheTruthObject) {
  Comparison c;
  c.candidates = {{0, 0, 9, 0}, {1, 0, 1, 0}};
  c.matches = {{0, 0, 9, 0}};
  c.false_detections = {1};
  const RankedCurve curve = ranked_curve(c, std::vector<double>{1, 2}, {});
  EXPECT_EQ(curve.points[0].agreement.matched, 1);
  EXPECT_EQ(curve.points[0].agreement.false_found, 0);
  EXPECT_EQ(curve.points[1].agreement.false_found, 1);
}

TEST(RankedCurveTest, WhatIsNotJudgedIsFalseAtNoThreshold) {
  Comparison c;
  c.candidates = c.matches = {{0, 0, 1, 0}};
  c.false_detections = {3};
  c.not_judged_detections = {1};
  c.excused = {false, false, true, false};
  const std::vector<Reach> reach{{9, 2}, {9, 2}, {9, 9}, {9, 9}};
  const RankedCurve curve = ranked_curve(c, std::vector<double>{4, 3, 2, nan}, reach);
  ASSERT_EQ(curve.points.size(), 4U);
  EXPECT_EQ(curve.points[2].agreement.false_found, 0);
  EXPECT_EQ(curve.points[3].agreement.false_found, 1);
  EXPECT_TRUE(std::isnan(curve.points[3].rank));
  EXPECT_EQ(curve.average_precision, 1);
}

TEST(RankedCurveTest, OfNothingToFindItIsUndefined) {
  Comparison c;
  EXPECT_TRUE(ranked_curve(c, {}, {}).points.empty());
  EXPECT_EQ(ranked_curve(c, {}, {}).best(), nullptr);
  c.false_detections = {0};
  const RankedCurve curve = ranked_curve(c, std::vector<double>{1}, {});
  EXPECT_FALSE(curve.average_precision);
  EXPECT_EQ(curve.points[0].agreement.precision(), 0);
}

TEST(RankedCurveTest, WithoutADetectionItKnowsWhatThereWasToFind) {
  Comparison c;
  c.missed_truths = {0, 1, 2};
  const RankedCurve curve = ranked_curve(c, {}, {});
  EXPECT_TRUE(curve.points.empty());
  EXPECT_EQ(curve.truths, 3);
  EXPECT_EQ(curve.average_precision, 0);
}

TEST(RankedCurveTest, TheTableHasALinePerPoint) {
  RankedCurve curve{.rank = "decisive_ratio",
                    .points = {{12.5, {1, 0, 2}}, {std::numeric_limits<double>::infinity(), {0, 0, 0}}},
                    .average_precision = 0.5};
  EXPECT_EQ(curve_csv(curve),
            "decisive_ratio,detections,matched,false,missed,precision,recall,f1\n"
            "12.5,1,1,0,2,1,0.3333333333333333,0.5\n"
            "inf,0,0,0,0,,,\n");
}

}  // namespace
}  // namespace cleft
