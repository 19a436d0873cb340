#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace cleft {

/// How well a probability tells the truth's voxels from the others, over all thresholds. At a threshold t the
/// voxels with p >= t are called positive.
struct ProbabilityScore {
  /// Sum over distinct thresholds, from the highest, of (R_i - R_(i-1)) P_i; ties are one threshold. The
  /// definition of scikit-learn's average_precision_score.
  double average_precision = 0;
  double best_f1 = 0;                ///< largest F1 of any threshold
  double best_threshold = 0;         ///< the highest that reaches it
  double precision = 0, recall = 0;  ///< there
};

/// Counts voxels by probability. The score is exact for probabilities that are whole steps.
class ProbabilityHistogram {
 public:
  /// \param steps  Per unit: 255 for stored uint8.
  explicit ProbabilityHistogram(std::uint32_t steps) : steps_(steps), all_(steps + 1), positive_(steps + 1) {}

  std::uint32_t steps() const { return steps_; }
  /// \pre step <= steps()
  void add(std::uint32_t step, bool in_truth) {
    ++all_[step];
    positive_[step] += in_truth ? 1 : 0;
  }
  /// Nothing when no voxel was in the truth.
  std::optional<ProbabilityScore> score() const;

 private:
  std::uint32_t steps_;
  std::vector<std::int64_t> all_, positive_;
};

}  // namespace cleft
