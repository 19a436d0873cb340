#pragma once

#include "base/box.hpp"
#include "objects/size_filter.hpp"
#include "segmentation/threshold_block.hpp"

namespace cleft {

/// Drops the components of a block that are settled and no synapses: they do not reach a face behind which
/// another block begins, so that they are complete, and the size filter refuses them. Their runs, sums and
/// cores are dropped with them. What stays gives the same synapses. Without this, noise would make the number
/// of components that a rank holds grow with the volume; what stays grows with the surfaces of the blocks and
/// the number of synapses.
///
/// \param owned   The block's owned box.
/// \param volume  Extent of the whole volume.
void drop_settled(ThresholdedBlock& block, const Box& owned, const Extent& volume, const SizeBounds& bounds);

}  // namespace cleft
