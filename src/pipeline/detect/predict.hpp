#pragma once

#include <cstdint>
#include <stop_token>

#include "base/narrow.hpp"
#include "forest/samples.hpp"
#include "io/volume/volume_reader.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/detect/predict_job.hpp"

namespace cleft {

/// What predict did and what it took, the same on every rank.
struct PredictSummary {
  Extent block;                          ///< extent of a block's owned box
  Extent halo;                           ///< voxels by which features reach beyond it, on each side
  std::int64_t blocks = 0, resumed = 0;  ///< of the volume; of these, found done
  std::int64_t voxels = 0;  ///< searched: of this run's blocks those inside the mask, over all ranks
  std::int64_t block_voxels = 0, padded_voxels = 0;  ///< owned and read by blocks that the mask leaves
  std::int64_t bytes_read = 0;                       ///< grey values, over all ranks
  std::int64_t bytes_written = 0;                    ///< probabilities, over all ranks
  ValueRange grey;                                   ///< of the owned voxels
  std::int64_t not_numbers = 0;                      ///< owned voxels whose grey value is not usable
  double seconds = 0;

  /// How many voxels were read for each one owned: 1 without a halo, and where nothing was read.
  double halo_overhead() const {
    return block_voxels > 0 ? narrow<double>(padded_voxels) / narrow<double>(block_voxels) : 1;
  }
};

/// From grey values to stored probabilities: the first pass over the volume. Blocks are handed out as ranks
/// become free; blocks that an unfinished file has are not done again. Collective over `comm`.
///
/// \param stop  Looked at between tiles and blocks; a stop that is requested on one rank stops all. The
///              unfinished file then holds every block that was done, and the same call goes on with it.
/// \throws CollectiveError on every rank, naming the block where one failed; Stopped (base/stopped.hpp) on
///         every rank when it was stopped.
PredictSummary predict(const Communicator& comm, const PredictJob& job, const std::stop_token& stop = {});

}  // namespace cleft
