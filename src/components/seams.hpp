#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "base/box.hpp"
#include "components/connectivity.hpp"
#include "components/label_block.hpp"

namespace cleft {

/// A seam is where two neighbouring blocks meet: a face, an edge or a corner. Only voxels of the two blocks'
/// boundary layers can touch across it. A block's boundary layer towards a neighbour is the part of its owned
/// box next to that neighbour: one voxel thick along each axis on which the two blocks lie apart, and the
/// whole length of the block along the others.

/// The part of a run that lies in a boundary layer, in voxels of the volume, so that layers of different
/// blocks can be compared. 20 bytes: this is what travels between ranks.
struct LayerRun {
  std::int32_t z, y, begin, end;  ///< x = begin … end−1
  std::uint32_t component;        ///< local component of the block
  friend bool operator==(const LayerRun&, const LayerRun&) = default;
};

/// Two local components, one of either block, that touch across a seam.
struct ComponentPair {
  std::uint32_t here, there;
  friend auto operator<=>(const ComponentPair&, const ComponentPair&) = default;
};

/// The steps (in blocks) from a block to those neighbours that come later in z, y, x order and can touch it:
/// 3 with 6-connectivity, 9 with 18, 13 with 26. Each pair of neighbouring blocks is met once, from its
/// earlier block.
std::span<const Extent> forward_directions(Connectivity connectivity);

/// A block's boundary layer towards a neighbour as runs, in z, y, x order. In a block that is one voxel thick
/// a run lies in the layers of opposite directions.
/// \param runs       Of the voxels of the block's owned box.
/// \param owned      The block's owned box, in voxels of the volume.
/// \param direction  Step to the neighbour, in blocks: −1, 0 or 1 along each axis, not all 0.
/// \pre              The volume has fewer than 2^31 voxels along each axis.
std::vector<LayerRun> boundary_layer(const VoxelRuns& runs, const Box& owned, const Extent& direction);

/// The pairs of local components that touch across a seam: each once, sorted.
/// \param here   One block's boundary layer towards the other, in z, y, x order.
/// \param there  The other block's boundary layer towards the first, in z, y, x order.
std::vector<ComponentPair> touching_components(std::span<const LayerRun> here,
                                               std::span<const LayerRun> there, Connectivity connectivity);

}  // namespace cleft
