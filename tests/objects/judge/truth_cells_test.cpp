#include "objects/judge/truth_cells.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(TruthCells, EachFalseDetectionIsOfTheNearestTruthObject) {
  const std::vector<PerAxis<double>> truths{{0, 0, 0}, {0, 0, 100}, {2, 0, 0}, {0, 50, 0}};
  Comparison comparison;
  comparison.matches = {{1, 0, 5, 0}};
  comparison.missed_truths = {1};           // 2 and 3 are not judged
  comparison.false_detections = {0, 2, 4};  // 3 is not judged
  const std::vector<PerAxis<double>> detections{{0, 0, 60}, {0, 0, 0}, {1.2, 0, 0}, {0, 0, 99}, {1, 0, 0}};
  const auto cells = truth_cells(comparison, NearestPoint(truths, {10, 1, 1}), 4, detections);
  const std::vector<CellOutcome> expected{{1, 0, 1}, {0, 1, 1}, {0, 0, 1}, {}};
  EXPECT_EQ(cells, expected) << "the last lies between two truth objects: the first has it";
}

}  // namespace
}  // namespace cleft
