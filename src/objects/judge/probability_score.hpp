#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace cleft {

/// How well a probability distinguishes the truth's voxels from the others, over all thresholds. At a
/// threshold t the voxels with p >= t count as found.
struct ProbabilityScore {
  /// Sum over all thresholds t_i, from the highest to the lowest, of (recall_i − recall_(i−1)) precision_i,
  /// each distinct probability being one threshold: the definition of scikit-learn's average_precision_score.
  double average_precision = 0;
  double best_f1 = 0;                ///< largest F1 of any threshold
  double best_threshold = 0;         ///< the highest threshold at which F1 is the largest
  double precision = 0, recall = 0;  ///< at best_threshold
};

/// Counts voxels by probability, in equal steps from 0 to 1. The score is exact if all probabilities are
/// whole steps.
class ProbabilityHistogram {
 public:
  /// \param steps  How many make the probability 1: 255 for stored uint8.
  explicit ProbabilityHistogram(std::uint32_t steps) : steps_(steps), all_(steps + 1), positive_(steps + 1) {}

  std::uint32_t steps() const { return steps_; }
  /// Counts a voxel of probability step / steps().
  /// \pre step <= steps()
  void add(std::uint32_t step, bool in_truth) {
    ++all_[step];
    positive_[step] += in_truth ? 1 : 0;
  }
  /// The score of all voxels counted; nothing when none of them was in the truth.
  std::optional<ProbabilityScore> score() const;

 private:
  std::uint32_t steps_;
  std::vector<std::int64_t> all_, positive_;
};

}  // namespace cleft
