#include "pipeline/run/block_memory.hpp"

#include "base/files/process_memory.hpp"

namespace cleft {
namespace {

// Chunks that HDF5 keeps decoded, its and MPI's message buffers.
constexpr std::int64_t library_bytes = std::int64_t{40} << 20;

}  // namespace

BlockMemory memory_for_blocks(const Communicator& comm, std::int64_t memory_per_rank) {
  return_small_arrays();  // of the stage before
  return {memory_per_rank, memory_per_rank - comm.max(resident_bytes()) - library_bytes};
}

}  // namespace cleft
