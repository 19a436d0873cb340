#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/box.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/report/report_input.hpp"

namespace cleft {

/// Which objects of a run, synapses or candidates, places lie in. Ranks share the places and read the voxels.
/// Collective over `comm`.
/// \param places  In voxels of the volume, inside it; the same on every rank.
/// \returns       [place] the object's id, 0: none; the same on every rank.
/// \throws CollectiveError when labels cannot be read.
std::vector<std::uint64_t> objects_at(const Communicator& comm, const FinishedRun& run,
                                      std::span<const GlobalVoxel> places);

}  // namespace cleft
