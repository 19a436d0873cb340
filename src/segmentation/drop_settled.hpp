#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/box.hpp"
#include "objects/candidates.hpp"
#include "objects/size_filter.hpp"
#include "segmentation/threshold_block.hpp"

namespace cleft {

/// What drop_settled did.
struct Settled {
  DroppedCounts dropped;  ///< components, and why they are no synapses
  /// Of the candidates that stayed and are complete.
  std::vector<CandidateRank> candidates;
};

/// Drops the components of a block that are certainly neither synapses nor candidates to be kept: they do not
/// reach a face of the block beyond which another block lies, so they are complete, and the size filter
/// refuses them. Their runs, sums and core components are dropped with them. The components that stay, of all
/// blocks together, give the same synapses and candidates. Their number is bounded by the blocks' surfaces
/// and the number of synapses and candidates; without this, noise would make it grow with the volume. Of
/// those that stay and are complete only the decisive step is kept. Not collective.
///
/// \param block   Loses the components that are dropped; the others keep their order.
/// \param owned   The block's owned box, in voxels of the volume.
/// \param volume  Extent of the whole volume in voxels.
/// \param rule    block.steps are of rule.needed() voxels.
/// \param limit   The rank that a candidate must have to be kept, its own or a better one; nothing: none are.
Settled drop_settled(ThresholdedBlock& block, const Box& owned, const Extent& volume, const ObjectRule& rule,
                     const std::optional<CandidateRank>& limit);

}  // namespace cleft
