#pragma once

#include <cstdint>
#include <optional>

#include "objects/measure.hpp"
#include "objects/size_filter.hpp"
#include "threshold/ratio_step.hpp"

namespace cleft {

// A candidate is a component of synaptic size whose core is none of a synapse: too small, in pieces, or
// absent. Where the user asks for candidates the best of them are kept beside the synapses, to be looked at.

/// Which candidates are kept.
struct CandidateRule {
  std::int64_t max_count = 0;  ///< the best ones of the whole volume; 0: none
  RatioStep lowest = 0;        ///< and of these, the ones with at least this decisive step

  bool keeps_any() const { return max_count > 0; }
};

/// The keys `filter.candidates` and `filter.candidate_ratio`; with neither of them none are kept, with only
/// the second there may be any number.
CandidateRule candidate_rule(const SizeFilterOptions& options);

/// Which components become objects of the result.
struct ObjectRule {
  SizeBounds bounds;         ///< of the size filter, see is_synapse
  CandidateRule candidates;  ///< which of the others are kept beside the synapses
  /// Voxels that a core needs: those of bounds.min, at least one.
  std::int64_t needed() const { return bounds.min > 1 ? bounds.min : 1; }
};

/// How good a candidate is.
struct CandidateRank {
  RatioStep step = 0;  ///< decisive step
  std::int64_t first_voxel =
      0;  ///< linear index in the volume: of equal steps the first in z, y, x order leads

  friend bool operator==(const CandidateRank&, const CandidateRank&) = default;
};

/// Whether `a` ranks before `b`.
inline bool is_better(const CandidateRank& a, const CandidateRank& b) {
  return a.step != b.step ? a.step > b.step : a.first_voxel < b.first_voxel;
}

/// The rank that the last candidate kept may have, before any is known; nothing where none are kept.
std::optional<CandidateRank> last_rank_kept(const CandidateRule& rule);

/// Whether a component is a candidate: of a size within the bounds, and no synapse.
bool is_candidate(const ComponentSums& component, const CoreSums& cores, const SizeBounds& bounds);

}  // namespace cleft
