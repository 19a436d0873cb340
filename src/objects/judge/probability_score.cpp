#include "objects/judge/probability_score.hpp"

#include <cstddef>
#include <numeric>

#include "base/narrow.hpp"

namespace cleft {

std::optional<ProbabilityScore> ProbabilityHistogram::score() const {
  const std::int64_t truth = std::accumulate(positive_.begin(), positive_.end(), std::int64_t{0});
  if (truth == 0) return std::nullopt;
  const auto total = narrow<double>(truth);
  ProbabilityScore score;
  std::int64_t called = 0, right = 0;
  double recall_before = 0;
  for (std::size_t step = all_.size(); step-- > 0;) {
    if (all_[step] == 0) continue;
    called += all_[step];
    right += positive_[step];
    const double precision = narrow<double>(right) / narrow<double>(called);
    const double recall = narrow<double>(right) / total;
    score.average_precision += (recall - recall_before) * precision;
    recall_before = recall;
    const double f1 = narrow<double>(2 * right) / narrow<double>(called + truth);
    if (f1 > score.best_f1) {
      score.best_f1 = f1;
      score.best_threshold = narrow<double>(step) / narrow<double>(steps_);
      score.precision = precision;
      score.recall = recall;
    }
  }
  return score;
}

}  // namespace cleft
