#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/narrow.hpp"
#include "forest/samples.hpp"
#include "io/volume/h5_volume.hpp"
#include "parallel/communicator.hpp"
#include "probability/classify_block.hpp"

namespace cleft {

/// What predict works on and how.
struct PredictJob {
  VolumePath volume;
  std::optional<VolumePath> mask;  ///< where it is 0 the probability is 0 and nothing is computed
  std::optional<VoxelSize> voxel_size;
  std::vector<ClassifierStage> stages;      ///< the same on every rank
  std::vector<std::string> classes;         ///< of the last stage's forest
  std::vector<std::size_t> stored_classes;  ///< which of them are stored, ascending
  ElementType type = ElementType::uint8;    ///< uint8 or float32
  nlohmann::json origin;                    ///< see ProbabilityLayout
  std::optional<Extent> block_shape;        ///< of a block's core; planned from the memory when absent
  std::int64_t memory_per_rank = 0;         ///< bytes a rank may use in all
  int threads = 1;                          ///< that compute on each rank
  std::filesystem::path probability;        ///< the file to write
};

struct PredictSummary {
  Extent block;                                ///< extent of a block's core
  std::int64_t blocks = 0, resumed = 0;        ///< of the volume; of these, found done
  std::int64_t voxels = 0, padded_voxels = 0;  ///< owned and read by this run's blocks, over all ranks
  std::int64_t bytes_read = 0;                 ///< grey values, over all ranks
  std::int64_t bytes_written = 0;              ///< probabilities, over all ranks
  ValueRange grey;                             ///< of these voxels
  std::int64_t not_numbers = 0;                ///< of these voxels
  double seconds = 0;

  /// How many voxels were read for each one owned: 1 without a halo, and where nothing was read.
  double halo_overhead() const {
    return voxels > 0 ? narrow<double>(padded_voxels) / narrow<double>(voxels) : 1;
  }
};

/// From grey values to stored probabilities: the first pass over the volume. Blocks are handed out as ranks
/// become free; what a killed run finished is not done again. Collective over `comm`.
///
/// \throws CollectiveError on every rank, naming the block where one failed.
PredictSummary predict(const Communicator& comm, const PredictJob& job);

}  // namespace cleft
