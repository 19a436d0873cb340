#include "objects/judge/curve_picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleft {
namespace {

using testing::HasSubstr;

RankedCurve example() {
  return {.rank = "decisive_ratio",
          .points = {{20, {1, 0, 3}}, {8, {2, 1, 2}}, {3, {2, 3, 2}}},
          .truths = 4,
          .average_precision = 0.4167};
}

TEST(CurvePicture, HasTitleAxesAndMarks) {
  const std::string svg = curve_svg(example());
  EXPECT_THAT(svg, testing::StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
                                       std::string(curve_picture_mark) + "\n<svg "));
  EXPECT_THAT(svg, testing::EndsWith("</svg>\n"));
  for (const char* text : {"ranked by decisive_ratio; 4 truth objects, 5 detections; average precision 0.417",
                           ">recall<", ">precision<", ">0.0<", ">0.2<", ">1.0<", ">all<", ">largest F1<",
                           ">F1 0.444<", ">F1 0.571<", ">rank 8<"})
    EXPECT_THAT(svg, HasSubstr(text));
}

TEST(CurvePicture, StepsHaveTheAveragePrecisionBelowThem) {
  // x = 80 + 420 recall, y = 70 + 420 (1 − precision).
  EXPECT_THAT(curve_svg(example()),
              HasSubstr("d=\"M80.00 70.00H185.00L185.00 210.00H290.00L290.00 322.00H290.00\""));
}

TEST(CurvePicture, OfNoPointsItIsEmptyButWhole) {
  RankedCurve nothing;
  nothing.rank = "a<b&c";
  nothing.truths = 7;
  const std::string svg = curve_svg(nothing);
  EXPECT_THAT(
      svg, HasSubstr("ranked by a&lt;b&amp;c; 7 truth objects, 0 detections; average precision undefined"));
  EXPECT_THAT(svg, testing::Not(HasSubstr("circle")));
  EXPECT_THAT(svg, testing::EndsWith("</svg>\n"));
}

}  // namespace
}  // namespace cleft
