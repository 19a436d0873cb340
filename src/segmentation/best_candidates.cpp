#include "segmentation/best_candidates.hpp"

#include <algorithm>
#include <limits>

namespace cleft {

BestCandidates::BestCandidates(const CandidateRule& rule)
    : capacity_(rule.max_count < std::numeric_limits<std::int64_t>::max() ? rule.max_count + 1
                                                                          : rule.max_count),
      limit_(last_rank_kept(rule)) {}

void BestCandidates::add(std::span<const CandidateRank> ranks) {
  for (const CandidateRank& rank : ranks) {
    best_.push_back(rank);
    std::push_heap(best_.begin(), best_.end(), is_better);
    if (std::ssize(best_) > capacity_) {
      std::pop_heap(best_.begin(), best_.end(), is_better);
      best_.pop_back();
      ++beyond_limit_;
    }
  }
  if (std::ssize(best_) == capacity_) limit_ = best_.front();
}

}  // namespace cleft
