#pragma once

#include "base/box.hpp"
#include "objects/size_filter.hpp"
#include "segmentation/threshold_block.hpp"

namespace cleft {

/// Drops the components of a block that are certainly no synapses: they do not reach a face of the block
/// beyond which another block lies, so they are complete, and the size filter refuses them. Their runs, sums
/// and core components are dropped with them. The components that stay, of all blocks together, give the same
/// synapses. Their number is bounded by the blocks' surfaces and the number of synapses; without this, noise
/// would make it grow with the volume. Not collective.
///
/// \param block   Loses the components that are dropped; the others keep their order.
/// \param owned   The block's owned box, in voxels of the volume.
/// \param volume  Extent of the whole volume in voxels.
/// \returns       How many components were dropped, and why.
DroppedCounts drop_settled(ThresholdedBlock& block, const Box& owned, const Extent& volume,
                           const SizeBounds& bounds);

}  // namespace cleft
