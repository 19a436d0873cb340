#pragma once

#include <cstdint>

#include "blocks/block_plan.hpp"
#include "io/volume/volume_reader.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// What is left of a rank's memory for blocks: all of it but what the process holds already and what HDF5 and
/// MPI take in passing. It is the minimum over the ranks, so that every rank computes the same plan.
/// Collective over `comm`.
///
/// \param memory_per_rank  run.memory_per_rank, in bytes.
BlockMemory memory_for_blocks(const Communicator& comm, std::int64_t memory_per_rank);

/// What of that is left where a volume is read: a chunk is unpacked as a whole, however little of it is
/// needed. Not collective; the same on every rank.
/// \throws ConfigError naming the volume when its chunks do not fit.
BlockMemory memory_beside_chunks(BlockMemory memory, const VolumeReader& volume);

}  // namespace cleft
