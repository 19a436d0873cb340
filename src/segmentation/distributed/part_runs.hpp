#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "blocks/block_grid.hpp"
#include "components/label_block.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// A run of an object that is part of a component, in voxels of the volume.
struct NumberedRun {
  std::int32_t z, y, begin, end;  ///< x = begin … end−1; may go through several blocks
  std::uint64_t number;           ///< the object's, from 1
};

/// Puts the runs of parts into the blocks that they lie in, on whichever rank these are, in place of those of
/// the components that they were part of. Collective over `comm`; one exchange, of 24 bytes for each run.
///
/// \param runs    Of the parts that this rank knows. No voxel is in two runs of any ranks.
/// \param blocks  This rank's blocks, those of owned_range, in order. Where a block gets runs, local
///                components that are no object are dropped from it, and each part in it becomes one.
/// \param numbers [block][local component] its object's number; 0 where it is none, as it is for components
///                that parts take the place of. Likewise changed.
/// \pre           The volume has fewer than 2^31 voxels along each axis.
void put_parts_into_blocks(const Communicator& comm, const BlockGrid& grid, std::span<const NumberedRun> runs,
                           std::vector<LabelledBlock>& blocks,
                           std::vector<std::vector<std::uint64_t>>& numbers);

}  // namespace cleft
