#include "pipeline/run/memory.hpp"

#include <fstream>

#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <sys/resource.h>
#include <unistd.h>

namespace cleft {
namespace {

// Chunks that HDF5 keeps decoded, its and MPI's message buffers.
constexpr std::int64_t library_bytes = std::int64_t{40} << 20;

}  // namespace

std::int64_t resident_bytes() {
  // The second number of statm is resident pages.
  std::ifstream statm("/proc/self/statm");
  std::int64_t all = 0, resident = 0;
  statm >> all >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

std::int64_t peak_resident_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024;  // Linux counts it in KiB
}

void return_large_arrays() {
#if defined(__GLIBC__)
  // Set by hand it stays: otherwise the first large array that is freed raises it to that array's size.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

BlockMemory memory_for_blocks(const Communicator& comm, std::int64_t memory_per_rank) {
#if defined(__GLIBC__)
  malloc_trim(0);  // small arrays of the stage before, too
#endif
  return {memory_per_rank, memory_per_rank - comm.max(resident_bytes()) - library_bytes};
}

}  // namespace cleft
