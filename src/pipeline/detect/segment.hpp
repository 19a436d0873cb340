#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>

#include <nlohmann/json.hpp>

#include "base/files/publish.hpp"
#include "components/distributed/merge.hpp"
#include "io/volume/mask_reader.hpp"
#include "io/volume/volume_reader.hpp"
#include "objects/size_filter.hpp"
#include "parallel/communicator.hpp"
#include "segmentation/threshold_block.hpp"

namespace cleft {

/// What segment works on and how, everything in voxels.
struct SegmentJob {
  std::filesystem::path probability;  ///< stored probabilities, complete
  /// Probabilities outside it count as 0, whether predict has known it or not.
  std::optional<PlacedMask> mask{};
  std::optional<VoxelSize> voxel_size;
  std::optional<PerAxis<double>> offset{};  ///< nm: where the volume lies, see base/place.hpp
  ThresholdSettings threshold;
  SizeBounds bounds;
  std::optional<Extent> block_shape;  ///< of a block's owned box; planned from the memory when absent
  std::int64_t memory_per_rank = 0;   ///< bytes a rank may use in all
  int threads = 1;                    ///< that compute on each rank
  nlohmann::json recipe;              ///< JSON object of all that decides the labels; stored with them
  std::filesystem::path labels;       ///< the file that /labels and /objects are for
  std::filesystem::path table;        ///< the CSV file that the table is for
};

/// What segment found and what it took, over all ranks and the same on every rank.
struct SegmentSummary {
  std::int64_t synapses = 0;
  std::int64_t searched_voxels = 0;        ///< of the volume, those inside the mask
  std::int64_t components = 0, cores = 0;  ///< local components of all blocks
  std::int64_t merged_components = 0;      ///< those that may go on in other blocks or are synapses
  DroppedCounts dropped;                   ///< components of the volume that are no synapses
  double highest_ratio = 0;  ///< of foreground to background, of any voxel; infinite where that was 0
  /// A ratio that just enough voxels for a synapse's smallest core have, wherever they lie: with a core_ratio
  /// of an eighth of an octave more there are fewer. Nothing where the reference mask has fewer voxels.
  std::optional<double> ratio_of_smallest_core;
  Extent block;  ///< extent of a block's owned box
  MergeStatistics reference_merge, core_merge;
  std::int64_t bytes_read = 0, bytes_written = 0;  ///< probabilities with halo; the files
  double threshold_seconds = 0, merge_seconds = 0, combine_seconds = 0, write_seconds = 0;
};

struct Segmentation {
  SegmentSummary summary;
  /// On rank 0 the files, complete, to be published in this order; elsewhere empty ones.
  UnpublishedFile labels, table;
};

/// What segment needs to know of probabilities before they are there.
struct StoredProbability {
  Extent extent;
  ElementType type = ElementType::uint8;
};

/// Checks that segment's blocks will fit in memory before predict is started. Collective over `comm`.
/// \throws CollectiveError on every rank.
void check_segment_fits(const Communicator& comm, const SegmentJob& job, const StoredProbability& stored);

/// From stored probabilities to labels and a table of synapses: the second pass over the volume, block by
/// block. Collective over `comm`.
///
/// \param stop  Looked at between blocks; a stop that is requested on one rank stops all.
/// \throws CollectiveError on every rank; Stopped (base/stopped.hpp) on every rank when it was stopped.
///         Nothing is left of the files then.
Segmentation segment(const Communicator& comm, const SegmentJob& job, const std::stop_token& stop = {});

}  // namespace cleft
