#include "objects/candidates.hpp"

#include <limits>

namespace cleft {

CandidateRule candidate_rule(const SizeFilterOptions& options) {
  if (!options.candidates && !options.candidate_ratio) return {};
  return {options.candidates.value_or(std::numeric_limits<std::int64_t>::max()),
          first_step_from(options.candidate_ratio.value_or(0))};
}

std::optional<CandidateRank> last_rank_kept(const CandidateRule& rule) {
  if (!rule.keeps_any()) return std::nullopt;
  return CandidateRank{rule.lowest, std::numeric_limits<std::int64_t>::max()};
}

bool is_candidate(const ComponentSums& component, const CoreSums& cores, const SizeBounds& bounds) {
  return component.size >= bounds.min && component.size <= bounds.max &&
         !is_synapse(component, cores, bounds);
}

}  // namespace cleft
