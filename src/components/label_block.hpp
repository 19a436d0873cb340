#pragma once

#include <cstdint>
#include <vector>

#include "components/connectivity.hpp"
#include "components/voxel_runs.hpp"

namespace cleft {

/// One block's mask as runs, each carrying the local component it belongs to.
struct LabelledBlock {
  VoxelRuns runs;
  std::uint32_t component_count =
      0;  ///< local components are 0 … component_count−1, in order of their first voxel
};

/// Finds the connected components of one block's mask, seen on its own. Two passes over runs instead of
/// voxels (He, Chao & Suzuki 2008, "A run-based two-scan labeling algorithm"), with a union-find over runs of
/// neighbouring rows.
///
/// \param mask  The block's core (z, y, x); non-zero is inside.
/// \throws InputError when the block has 2^32 voxels or more.
LabelledBlock label_block(const View3<const std::uint8_t>& mask, Connectivity connectivity);
/// The same of a mask whose runs have been taken already.
LabelledBlock label_runs(VoxelRuns runs, Connectivity connectivity);

/// Drops components with all their runs; those that stay keep their order.
/// \param keep  [component] whether it stays.
/// \returns     [component] its number now, or VoxelRuns::dropped.
/// \pre         keep.size() == block.component_count
std::vector<std::uint32_t> keep_components(LabelledBlock& block, const std::vector<bool>& keep);

}  // namespace cleft
