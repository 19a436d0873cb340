#pragma once

#include <cstdint>
#include <functional>

namespace cleft {

/// Calls work(0) … work(count − 1), each once, on up to `threads` threads (the calling one included), each of
/// which takes the next number when it is free. Returns when all calls have ended. Their order is not
/// specified, so results must not depend on it.
///
/// \param work  Called by several threads at once; makes no MPI call, and HDF5 calls only under a lock.
/// \throws      What `work` threw for the lowest number of those that threw; numbers not yet begun by then
///              may be left out.
void run_on_threads(std::int64_t count, int threads, const std::function<void(std::int64_t)>& work);

/// The same for work that needs something for each thread, such as arrays to work in.
/// \param make_work  Called once by each thread, by several at once; what it returns is called with the
///                   numbers that the thread takes.
/// \throws           As above; an exception of `make_work` takes precedence over those of any number.
void run_on_threads(std::int64_t count, int threads,
                    const std::function<std::function<void(std::int64_t)>()>& make_work);

}  // namespace cleft
