#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "objects/candidates.hpp"
#include "objects/synapse.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/detect/segment_job.hpp"
#include "pipeline/detect/segment_result.hpp"

namespace cleft {

// Another core_ratio for labels that are there, without thresholding anew: which of a run's objects are
// synapses is decided by their decisive ratio, and labels and table are written again. It can be done where
// the run has kept candidates, down to the ratio from which on it has kept all.
//
// What comes out are the synapses that segment finds, but for this: the table's core sizes and counts are
// unknown (those of the ratio that was thresholded by are kept apart, for the way back); and an object
// whose core is in pieces, none of which is large enough, counts as a synapse unless it is known from a
// lower ratio that it is none. The candidates are all other objects that were kept, so that going back is
// possible: they may be more or fewer than filter.candidates, and rank below filter.candidate_ratio. Parts
// of components that were split by distance are objects like others, since what they are does not depend on
// core_ratio; by cores they are others at another one, and segment must go over them again.

/// What is in the way of going from labels of one recipe to those of another by core_ratio alone, in words
/// for the log; empty where nothing is, and also where it is plain: other parts of the recipes differ.
struct Refiltering {
  bool possible = false;
  std::string why_not;
};

/// \param stored         Of the labels that are there.
/// \param wanted         Of those that are asked for.
/// \param complete_from  From which decisive ratio on the table has every object of a fitting size.
/// \param memory_per_rank  Bytes; components may have been left whole for want of them (labels_recipe.hpp).
Refiltering can_refilter(const nlohmann::json& stored, const nlohmann::json& wanted, double complete_from,
                         std::int64_t memory_per_rank);

/// Which rows of a table are synapses at another core_ratio.
/// \param rows      Of the table that is there.
/// \param measured  The ratio that the rows' core sizes are of.
/// \param now       The one asked for.
/// \param needed    Voxels that a core needs.
/// \returns         [row] whether it is one.
std::vector<bool> accepted_at(const std::vector<Synapse>& rows, double measured, double now,
                              std::int64_t needed);

/// Writes labels and table for the job's core_ratio from those that are there. Collective over `comm`.
/// \pre can_refilter
/// \throws CollectiveError on every rank; Stopped on every rank when it was stopped.
Segmentation refilter(const Communicator& comm, const SegmentJob& job, const std::stop_token& stop = {});

}  // namespace cleft
