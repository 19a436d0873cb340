#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "objects/distributed/combine.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/detect/owned_blocks.hpp"
#include "pipeline/detect/segment_job.hpp"
#include "pipeline/detect/segment_result.hpp"
#include "segmentation/distributed/part_runs.hpp"

namespace cleft {

// Touching objects are told apart between joining components and numbering objects.

/// The parts that this rank has made of components; their components need not have been its own.
struct SplitComponents {
  std::vector<SynapseSums> parts;
  std::vector<RowRun> runs;  ///< in voxels of the volume; `component` is the position in `parts`
  SplitSummary summary;      ///< over all ranks, the same on every rank
};

/// Splits the components that may be several objects, each as a whole on one rank: its box of the stored
/// probability is read, thresholded and split there (segmentation/split_stored.hpp). Boxes are shared out by
/// their size; each rank works on as many of them at a time as its memory holds, one for each thread. So the
/// result is the same for any ranks, blocks and threads. A component whose box takes more than a quarter of
/// run.memory_per_rank is left whole: that depends on nothing else either. Collective over `comm`.
///
/// \param components  Loses those that are now in parts.
/// \param stop        Looked at between boxes; a stop that is requested on one rank stops all.
/// \throws CollectiveError, Stopped on every rank.
SplitComponents split_components(const Communicator& comm, const SegmentJob& job, const SegmentInputs& inputs,
                                 WholeComponents& components, const IdOwner& owner,
                                 const std::stop_token& stop);

/// The runs of those parts that are objects.
/// \param numbers  [part] its object's number, 0 where it is none.
std::vector<NumberedRun> numbered_runs(const SplitComponents& split, std::span<const std::uint64_t> numbers);

}  // namespace cleft
