#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "objects/synapse.hpp"
#include "review/review.hpp"

namespace cleft {

/// Takes from the missed places those that lie in objects of the run, and lists them (marks_in_objects): what
/// the run has found is not missed. One in a candidate says that this is a synapse: it is its acceptance.
/// Where the object itself was rejected, or a candidate is unsure, mark and verdict contradict each other,
/// and the object is unsure. Other verdicts on synapses stay as they are, also none.
/// \param object_at  [missed place] the object that its voxel is of; 0: none.
/// \param table      Of the run; it has these objects.
void take_marks_in_objects(MergedReview& review, std::span<const std::uint64_t> object_at,
                           const std::vector<Synapse>& table);

}  // namespace cleft
