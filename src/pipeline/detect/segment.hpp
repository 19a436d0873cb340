#pragma once

#include <stop_token>

#include "parallel/communicator.hpp"
#include "pipeline/detect/segment_job.hpp"
#include "pipeline/detect/segment_result.hpp"

namespace cleft {

/// Checks that segment's blocks will fit in memory before predict is started. Collective over `comm`.
/// \throws CollectiveError on every rank.
void check_segment_fits(const Communicator& comm, const SegmentJob& job, const StoredProbability& stored);

/// From stored probabilities to labels and a table of synapses: the second pass over the volume, block by
/// block. Collective over `comm`.
///
/// \param stop  Looked at between blocks; a stop that is requested on one rank stops all.
/// \throws CollectiveError on every rank; Stopped (base/stopped.hpp) on every rank when it was stopped.
///         Nothing is left of the files then.
Segmentation segment(const Communicator& comm, const SegmentJob& job, const std::stop_token& stop = {});

}  // namespace cleft
