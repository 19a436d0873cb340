#pragma once

#include <cstdint>

#include "base/box.hpp"

/// The constants that segment is tuned by. They decide how long it takes and how its files are laid out,
/// never which labels and synapses it finds. Changes are judged by `tools/bench --only detect`.
namespace cleft::tuning {

/// Voxels of a tile that one thread thresholds at a time: some rows of one section. Its two masks of a byte
/// per voxel take 64 KiB and should stay in a second-level cache of 256 KiB until their runs are found.
inline constexpr std::int64_t threshold_tile_voxels = 1 << 15;

/// Voxels that a chunk of `/labels` has where the block allows it: 512 KiB of uint32, 1 MiB of uint64. HDF5
/// keeps 1 MiB of decoded chunks for each dataset unless told otherwise: a viewer that reads section by
/// section then decodes each chunk once.
inline constexpr Extent label_chunk{32, 64, 64};

/// Chunks of labels for each thread that are compressed, and go from rank to rank, together: some 20 ms of
/// work, beside which starting threads and asking for the next ones is nothing.
inline constexpr std::int64_t label_chunks_per_thread = 8;

/// Components for each thread that are read before they are split together: enough for threads to end at
/// about the same time, and few enough to look now and then whether the run is to stop.
inline constexpr std::int64_t splits_per_thread = 16;

}  // namespace cleft::tuning
