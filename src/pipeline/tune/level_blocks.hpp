#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "base/progress.hpp"
#include "blocks/block_grid.hpp"
#include "components/label_block.hpp"
#include "objects/judge/evidence.hpp"
#include "objects/measure.hpp"
#include "objects/measure_block.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/detect/owned_blocks.hpp"
#include "pipeline/tune/setting_judge.hpp"
#include "pipeline/tune/shared_work.hpp"

namespace cleft {

// From the stored probabilities of a rank's blocks to the components of every level, for all settings of one
// smoothing at once: each block is read and smoothed once.

/// What is known of the local components of a reference mask, [block] each.
struct ReferenceParts {
  std::vector<std::vector<ComponentSums>> components;      ///< [block][component of the level]
  std::vector<std::vector<ObjectEvidence>> evidence;       ///< likewise; empty where nothing is judged
  std::vector<std::vector<TruthContact>> contacts;         ///< [block], their objects are components
  std::vector<std::vector<std::vector<LocalCore>>> cores;  ///< [SharedReference::cores][block]
};

/// What is kept of this rank's blocks.
struct LevelParts {
  /// [level][block] the components that are open, or large enough for a core; only runs at faces are left.
  std::vector<std::vector<LabelledBlock>> blocks;
  std::vector<ReferenceParts> references;  ///< [SharedLevels::references]
};

/// Thresholds this rank's blocks, one after the other. Collective over `comm`.
/// \param job        Its probability, mask and threads count.
/// \param grid       Its halo is smoothing_halo of the smoothing's sigma.
/// \param judge      Null where objects are only found.
/// \param progress   Gets the voxels that are done.
/// \returns          [SharedSmoothing::levels]
/// \throws CollectiveError, Stopped (between two blocks) on every rank.
std::vector<LevelParts> find_level_components(const Communicator& comm, const SegmentJob& job,
                                              const BlockGrid& grid, const SegmentInputs& inputs,
                                              const SharedSmoothing& smoothing, const SettingJudge* judge,
                                              Progress& progress, const std::stop_token& stop);

/// The runs of a labelled block in voxels of the volume; objects are components.
/// \param begin  The first voxel of the block's owned box.
/// \param only   What lies elsewhere is left out.
std::vector<ObjectRun> runs_in_volume(const VoxelRuns& runs, const GlobalVoxel& begin, const Box& only);

}  // namespace cleft
