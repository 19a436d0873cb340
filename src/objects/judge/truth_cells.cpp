#include "objects/judge/truth_cells.hpp"

namespace cleft {

std::vector<CellOutcome> truth_cells(const Comparison& comparison, const NearestPoint& nearest,
                                     std::size_t truths, std::span<const PerAxis<double>> detections) {
  std::vector<CellOutcome> cells(truths);
  for (const Candidate& match : comparison.matches) cells[match.truth].matched = 1;
  for (const std::size_t truth : comparison.missed_truths) cells[truth].missed = 1;
  for (const std::size_t detection : comparison.false_detections)
    ++cells[nearest.to(detections[detection])].false_found;
  return cells;
}

}  // namespace cleft
