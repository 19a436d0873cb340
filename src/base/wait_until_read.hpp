#pragma once

#include <chrono>

namespace cleft {

/// Waits until everything that was written to a pipe has been read from it. mpirun ends a job as soon as one
/// process of it fails, and what stands in another one's pipe by then can be lost: so the line that says why
/// must have been read before any process ends.
/// \param descriptor  Open for writing; where it is no pipe nothing is waited for.
/// \param patience    A reader may be busy, or stopped.
/// \returns Whether nothing is left to be read, as far as can be told.
bool wait_until_read(int descriptor, std::chrono::milliseconds patience);

}  // namespace cleft
