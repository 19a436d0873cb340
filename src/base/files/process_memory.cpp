#include "base/files/process_memory.hpp"

#include <fstream>

#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <sys/resource.h>
#include <unistd.h>

namespace cleft {

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
  // Above what HDF5 takes for a chunk, mostly 1 MiB: mapped, each of its pages would be faulted in anew for
  // each chunk. The threshold stays at what is set by hand: otherwise the C library raises it to the size of
  // the first large array that is freed.
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
#endif
}

void return_small_arrays() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

}  // namespace cleft
