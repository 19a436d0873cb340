#pragma once

#include "base/box.hpp"
#include "objects/size_filter.hpp"
#include "segmentation/threshold_block.hpp"

namespace cleft {

/// Drops the components of a block that are settled and no synapses: nothing of them lies where another block
/// begins, so that they end here, and the size filter refuses them. With them go their runs, sums and cores.
/// What stays, from all blocks, gives the same synapses; its number is bounded by the blocks' surfaces and
/// the synapses, where noise would have it grow with the volume.
///
/// \param core    The block's box in the volume.
/// \param volume  Extent of the whole volume.
void drop_settled(ThresholdedBlock& block, const Box& core, const Extent& volume, const SizeBounds& bounds);

}  // namespace cleft
