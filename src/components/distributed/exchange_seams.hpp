#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "blocks/block_grid.hpp"
#include "components/connectivity.hpp"
#include "components/distributed/merge.hpp"
#include "components/label_block.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// Finds the pairs of provisional ids whose voxels touch across a face, an edge or a corner of two blocks.
/// Collective over `comm`. Each rank sends the boundary layers of its blocks to the owners of later
/// neighbouring blocks, in one aggregated exchange, and finds which components of its own blocks the layers
/// it received touch: what travels is proportional to the surface between ranks.
///
/// \param owned_blocks  The blocks of owned_range(grid.count(), rank, ranks), in order.
/// \param first_ids     Provisional id of each owned block's local component 0.
/// \returns             The pairs this rank found. Each pair is found on one rank; it may occur more than
///                      once, and its second id, that of the later block, is this rank's own.
/// \pre                 The volume has fewer than 2^31 voxels along each axis.
std::vector<IdPair> exchange_seams(const Communicator& comm, const BlockGrid& grid,
                                   std::span<const LabelledBlock> owned_blocks,
                                   std::span<const ProvisionalId> first_ids, Connectivity connectivity);

}  // namespace cleft
