#pragma once

#include <vector>

#include "objects/judge/object_runs.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/report/report_input.hpp"

namespace cleft {

/// All objects of a run, synapses and candidates, as runs in z, y, x order, maximal. Ranks read the boxes of
/// their objects; every rank gets all. Collective over `comm`.
/// \throws CollectiveError when labels cannot be read.
std::vector<ObjectRun> runs_of_objects(const Communicator& comm, const FinishedRun& run);

}  // namespace cleft
