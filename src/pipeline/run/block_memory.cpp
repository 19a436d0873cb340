#include "pipeline/run/block_memory.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/process_memory.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

// Chunks that HDF5 keeps decoded, its and MPI's message buffers.
constexpr std::int64_t library_bytes = std::int64_t{40} << 20;

}  // namespace

BlockMemory memory_for_blocks(const Communicator& comm, std::int64_t memory_per_rank) {
  return_small_arrays();  // of the stage before
  return {memory_per_rank, memory_per_rank - comm.max(resident_bytes()) - library_bytes};
}

BlockMemory memory_beside_chunks(BlockMemory memory, const VolumeReader& volume) {
  constexpr std::int64_t mebibyte = 1 << 20;
  constexpr auto cache = narrow<std::int64_t>(VolumeReader::cache_bytes);
  const auto chunk = narrow<std::int64_t>(volume.source().piece_bytes());
  // The chunks that are kept, and those that are decoded together as they are stored and on their way through
  // the filters.
  const std::int64_t pieces = chunk * narrow<std::int64_t>(volume.source().pieces_at_once());
  const std::int64_t extra = std::max<std::int64_t>(0, std::max(cache, pieces) + 2 * pieces - library_bytes);
  if (extra > 0 && extra >= memory.left)
    throw ConfigError({to_string(volume.path()),
                       fmt::format("has chunks of {} MiB, each of which is unpacked as a whole, and "
                                   "run.memory_per_rank ({} MiB) leaves {} MiB",
                                   chunk / mebibyte, memory.per_rank / mebibyte,
                                   std::max<std::int64_t>(memory.left, 0) / mebibyte),
                       fmt::format("at least {} MiB more, or smaller chunks (h5repack -l CHUNK=64x64x64)",
                                   (extra - memory.left) / mebibyte + 1)});
  memory.left -= extra;
  return memory;
}

}  // namespace cleft
