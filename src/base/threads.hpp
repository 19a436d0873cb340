#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>

namespace cleft {

/// Calls work(0) … work(count − 1), each once, on up to `threads` threads that take the next number as they
/// become free. Returns when all have ended; no order is promised, so results must not depend on one.
///
/// \param work  Called from several threads at once; makes no MPI and no HDF5 call without a lock.
/// \throws What `work` threw for the lowest number that threw; numbers not yet begun by then may be left out.
void run_on_threads(std::int64_t count, int threads, const std::function<void(std::int64_t)>& work);

/// The same where each thread needs something of its own, such as arrays to work in: work(number, own), with
/// an `own` that make() has made for the thread. It is made at most `threads` times.
///
/// \throws What `make` or `work` threw; numbers not yet begun by then may be left out.
template <class Make, class Work>
void run_on_threads(std::int64_t count, int threads, const Make& make, const Work& work) {
  std::atomic<std::int64_t> next = 0;
  run_on_threads(std::min<std::int64_t>(count, threads), threads, [&](std::int64_t) {
    auto own = make();
    for (std::int64_t number = next++; number < count; number = next++) work(number, own);
  });
}

}  // namespace cleft
