#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "blocks/block_grid.hpp"
#include "blocks/block_plan.hpp"
#include "io/volume/mask_reader.hpp"
#include "io/volume/volume_reader.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/detect/segment_job.hpp"

namespace cleft {

// The first half of segment: from the stored probabilities of a rank's blocks to their components.

/// The probabilities and the mask, opened by every rank for itself.
struct SegmentInputs {
  /// \throws as open_probability and MaskReader
  explicit SegmentInputs(const SegmentJob& job);

  VolumeReader probability;
  std::optional<MaskReader> mask;
};

/// Cuts the volume into the job's blocks, or those planned from the memory. Not collective.
/// \throws ConfigError when a block does not fit.
BlockGrid plan_segment_grid(const SegmentJob& job, const StoredProbability& stored, const BlockMemory& memory,
                            int ranks);

/// What is kept of this rank's blocks once they are thresholded, one element per block in their order,
/// without what drop_settled drops.
struct OwnedBlocks {
  std::vector<LabelledBlock> reference, core;
  std::vector<std::vector<ComponentSums>> components;
  std::vector<std::vector<LocalCore>> cores;
  std::vector<std::vector<HighestSteps>> steps;
  std::int64_t components_found = 0, cores_found = 0;  ///< before drop_settled
  DroppedCounts dropped;                               ///< by drop_settled
  RatioCounts ratios;
  std::int64_t searched = 0, bytes_read = 0;
};

/// Thresholds the blocks of this rank, one after the other. While other threads compute, the calling one
/// reads the next block: it alone may call HDF5. Collective over `comm`.
/// \throws CollectiveError, Stopped (between two blocks) on every rank.
OwnedBlocks threshold_owned_blocks(const Communicator& comm, const SegmentJob& job, const BlockGrid& grid,
                                   const SegmentInputs& inputs, const std::stop_token& stop);

}  // namespace cleft
