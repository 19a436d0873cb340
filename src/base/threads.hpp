#pragma once

#include <cstdint>
#include <functional>

namespace cleft {

/// Calls work(0) … work(count − 1), each once, on up to `threads` threads that take the next number as they
/// become free. Returns when all have ended; no order is promised, so results must not depend on one.
///
/// \param work  Called from several threads at once; makes no MPI and no HDF5 call without a lock.
/// \throws What `work` threw for the lowest number that threw; numbers not yet begun by then may be left out.
void run_on_threads(std::int64_t count, int threads, const std::function<void(std::int64_t)>& work);

/// The same where each thread needs something of its own, such as arrays to work in.
/// \param make_work  Called once by each thread, by several at once; what it returns is called with the
///                   numbers that the thread takes.
/// \throws As above; what `make_work` threw comes before what any number did.
void run_on_threads(std::int64_t count, int threads,
                    const std::function<std::function<void(std::int64_t)>()>& make_work);

}  // namespace cleft
