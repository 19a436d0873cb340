#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "objects/candidates.hpp"

namespace cleft {

/// Which of a rank's candidates can still be among those that are kept of the whole volume, or be the best
/// one that is left out. It knows the ranks of as many, whatever the number of blocks.
class BestCandidates {
 public:
  explicit BestCandidates(const CandidateRule& rule);

  /// The rank that a candidate must have to be kept: its own or a better one. Nothing where none are kept.
  const std::optional<CandidateRank>& limit() const { return limit_; }
  /// Adds those of one block, none of which is beyond the limit.
  void add(std::span<const CandidateRank> ranks);
  /// How many that were added are beyond the limit by now: no longer needed, though still held.
  std::int64_t beyond_limit() const { return beyond_limit_; }
  /// Says that those have been dropped.
  void forget_beyond_limit() { beyond_limit_ = 0; }

 private:
  std::int64_t capacity_;
  std::optional<CandidateRank> limit_;
  std::vector<CandidateRank> best_;  // a heap, the worst in front
  std::int64_t beyond_limit_ = 0;
};

}  // namespace cleft
