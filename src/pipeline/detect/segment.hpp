#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "components/distributed/merge.hpp"
#include "io/volume/volume_reader.hpp"
#include "objects/size_filter.hpp"
#include "parallel/communicator.hpp"
#include "segmentation/threshold_block.hpp"

namespace cleft {

/// What segment works on and how, everything in voxels.
struct SegmentJob {
  std::filesystem::path probability;  ///< stored probabilities, complete
  std::optional<VoxelSize> voxel_size;
  ThresholdSettings threshold;
  SizeBounds bounds;
  std::optional<Extent> block_shape;  ///< of a block's core; planned from the memory when absent
  std::int64_t memory_per_rank = 0;   ///< bytes a rank may use in all
  int threads = 1;                    ///< that compute on each rank
  nlohmann::json recipe;              ///< JSON object of all that decides the labels; stored with them
  std::filesystem::path labels;       ///< the file to write /labels and /objects to
  std::filesystem::path table;        ///< the CSV to write
  /// Called on rank 0 when everything is computed and no earlier table is left, just before the labels
  /// appear.
  std::function<void()> before_publishing{};
};

/// What segment found and what it took, over all ranks and the same on every rank.
struct SegmentSummary {
  std::int64_t synapses = 0;
  std::int64_t components = 0, cores = 0;  ///< local components of all blocks
  std::int64_t merged_components = 0;      ///< those that may go on in other blocks or are synapses
  Extent block;                            ///< extent of a block's core
  MergeStatistics reference_merge, core_merge;
  std::int64_t bytes_read = 0, bytes_written = 0;  ///< probabilities with halo; the files
  double threshold_seconds = 0, merge_seconds = 0, combine_seconds = 0, write_seconds = 0;
};

/// What segment needs to know of probabilities before they are there.
struct StoredProbability {
  Extent extent;
  ElementType type = ElementType::uint8;
};

/// Looks whether blocks of segment fit the memory, so that nobody waits for predict in vain. Collective.
/// \throws CollectiveError on every rank.
void check_segment_fits(const Communicator& comm, const SegmentJob& job, const StoredProbability& stored);

/// From stored probabilities to labels and a table of synapses: the second pass over the volume, block by
/// block. Collective over `comm`. Files appear under their names only when they are complete, the
/// table last: where both are there, they are of one run.
///
/// \throws CollectiveError on every rank.
SegmentSummary segment(const Communicator& comm, const SegmentJob& job);

}  // namespace cleft
