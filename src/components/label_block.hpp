#pragma once

#include <cstdint>
#include <vector>

#include "components/connectivity.hpp"
#include "components/voxel_runs.hpp"

namespace cleft {

/// One block's mask as runs, each of which knows the local component it belongs to. (To label a mask is to
/// find its connected components; this labelling has nothing to do with label volumes or brush labels.)
struct LabelledBlock {
  VoxelRuns runs;
  /// Local components are numbered 0 … component_count−1, in order of their first voxel.
  std::uint32_t component_count = 0;
};

/// Finds the connected components of one block's mask without regard to other blocks. Two passes over runs
/// instead of voxels (He, Chao & Suzuki 2008, "A run-based two-scan labeling algorithm"), with a union-find
/// over runs of neighbouring rows. Not collective.
///
/// \param mask  The voxels of the block's owned box (z, y, x); non-zero is inside.
/// \throws      InputError when the block has 2^32 voxels or more.
LabelledBlock label_block(const View3<const std::uint8_t>& mask, Connectivity connectivity);
/// The same for a mask that is already given as runs.
LabelledBlock label_runs(VoxelRuns runs, Connectivity connectivity);

/// Drops components with all their runs. Those that stay keep their order and are renumbered consecutively.
/// \param keep  [component] whether it stays; one for each component of the block.
/// \returns     [component] its new number, or VoxelRuns::dropped.
std::vector<std::uint32_t> keep_components(LabelledBlock& block, const std::vector<bool>& keep);

}  // namespace cleft
