#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "base/box.hpp"
#include "components/connectivity.hpp"
#include "components/label_block.hpp"

namespace cleft {

/// A seam is where two neighbouring blocks meet: a face, an edge or a corner. All that can touch across it
/// are the two blocks' boundary layers: on an axis on which the blocks differ the one plane next to the
/// neighbour, on every other axis everything.

/// A piece of a run that lies in a boundary layer, in voxels of the volume, so that layers of different
/// blocks can be compared. 20 bytes: this is what travels between ranks.
struct LayerRun {
  std::int32_t z, y, begin, end;  ///< x = begin … end−1
  std::uint32_t component;        ///< local component of the block
  friend bool operator==(const LayerRun&, const LayerRun&) = default;
};

/// Two local components that touch across a seam.
struct ComponentPair {
  std::uint32_t here, there;
  friend auto operator<=>(const ComponentPair&, const ComponentPair&) = default;
};

/// The steps (in blocks) from a block to those neighbours that come later in z, y, x order and can touch it:
/// 3 with 6-connectivity, 9 with 18, 13 with 26. Each pair of neighbouring blocks is met once, from its
/// earlier block.
std::span<const Extent> forward_directions(Connectivity connectivity);

/// The part of a block's runs that its neighbour in one direction can touch, in z, y, x order. In a block
/// that is one voxel thin a run lies in the layers of opposite directions.
/// \param core       The block's box.
/// \param direction  Step to the neighbour, in blocks: −1, 0 or 1 on each axis, not all 0.
/// \pre `runs` are of exactly this box; the volume has fewer than 2^31 voxels along each axis.
std::vector<LayerRun> boundary_layer(const VoxelRuns& runs, const Box& core, const Extent& direction);

/// The pairs of local components that touch across a seam: each once, sorted.
/// \param here   One block's layer towards the other.
/// \param there  The other block's layer towards the first.
/// \pre Both are in z, y, x order, as boundary_layer returns them.
std::vector<ComponentPair> touching_components(std::span<const LayerRun> here,
                                               std::span<const LayerRun> there, Connectivity connectivity);

}  // namespace cleft
