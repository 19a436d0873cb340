#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/box.hpp"
#include "base/files/publish.hpp"
#include "components/distributed/merge.hpp"
#include "objects/size_filter.hpp"

namespace cleft {

/// A component that may be several objects, but was not split because its box is too large for the memory of
/// a rank. Trivially copyable.
struct LeftWhole {
  GlobalVoxel first_voxel;
  Box bounds;
  /// Bytes of run.memory_per_rank that would be enough; 0 where none would, since a box may not have so many
  /// voxels.
  std::int64_t memory_per_rank = 0;
};

/// How touching objects were told apart.
struct SplitSummary {
  std::int64_t components = 0, parts = 0;  ///< components that are in parts now, and these
  std::vector<LeftWhole> left_whole;       ///< in order of place
};

/// What segment found and what it took, over all ranks and the same on every rank.
struct SegmentSummary {
  std::int64_t synapses = 0;
  std::int64_t candidates = 0;             ///< kept beside them
  std::int64_t searched_voxels = 0;        ///< of the volume, those inside the mask
  std::int64_t components = 0, cores = 0;  ///< local components of all blocks
  std::int64_t merged_components = 0;      ///< those that may go on in other blocks or are synapses
  SplitSummary split;
  /// Components of the volume, and parts of those that were split, that are no synapses, kept or not.
  DroppedCounts dropped;
  double highest_ratio = 0;  ///< of foreground to background, of any voxel; infinite where that was 0
  /// A ratio that just enough voxels for a synapse's smallest core have, wherever they lie: with a core_ratio
  /// of an eighth of an octave more there are fewer. Nothing where the reference mask has fewer voxels.
  std::optional<double> ratio_of_smallest_core;
  Extent block;  ///< extent of a block's owned box
  MergeStatistics reference_merge, core_merge;
  std::int64_t bytes_read = 0, bytes_written = 0;  ///< probabilities with halo; the files
  double threshold_seconds = 0, merge_seconds = 0, split_seconds = 0, combine_seconds = 0, write_seconds = 0;
};

struct Segmentation {
  SegmentSummary summary;
  /// On rank 0 the files, complete, to be published in this order; elsewhere empty ones.
  UnpublishedFile labels, table;
};

}  // namespace cleft
