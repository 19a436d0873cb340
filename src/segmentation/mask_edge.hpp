#pragma once

#include <cstdint>
#include <vector>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "components/label_block.hpp"
#include "objects/measure.hpp"

namespace cleft {

/// How near to a mask's edge, in voxels per axis, a component may have been cut by it: probabilities are 0
/// outside, and smoothing makes them lower up to about one sigma inside. That is sigma, rounded up, and at
/// least one voxel; 0 along an axis of one voxel.
/// \param sigma   Of the smoothing, in voxels, each >= 0.
/// \param volume  Its extent in voxels.
Extent mask_edge_reach(const PerAxis<double>& sigma, const Extent& volume);

/// Sets the probabilities of the voxels outside a mask to 0, as predict stores them.
/// \tparam Stored  std::uint8_t or float.
/// \param mask     1 inside, 0 outside; of the extent of `stored`.
template <class Stored>
void clear_outside(const View3<const std::uint8_t>& mask, const View3<Stored>& stored);

/// Marks the components of a block that come so near to the mask's outside that it may have cut them
/// (ComponentSums::at_mask_edge).
/// \param block       The block's reference mask.
/// \param mask        Of the box `around`, 1 inside, 0 outside.
/// \param around      The owned box grown by `reach`, cut off at the volume's edge; beyond that is no mask's
///                    edge.
/// \param owned       The block's owned box, in the same voxels.
/// \param components  [component] its sums.
void mark_at_mask_edge(const LabelledBlock& block, const View3<const std::uint8_t>& mask, const Box& around,
                       const Box& owned, const Extent& reach, std::vector<ComponentSums>& components);

extern template void clear_outside(const View3<const std::uint8_t>&, const View3<std::uint8_t>&);
extern template void clear_outside(const View3<const std::uint8_t>&, const View3<float>&);

}  // namespace cleft
