#pragma once

#include <functional>

#include "base/error.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// An error that every rank of a communicator throws at the same place: all ranks unwind alike, and none
/// waits for another.
class CollectiveError : public Error {
 public:
  CollectiveError(ErrorKind kind, const std::string& line, int rank) : Error(kind, line), rank_(rank) {}
  /// The rank the error first happened on.
  int rank() const { return rank_; }

 private:
  int rank_;
};

/// Runs rank-local work that can fail, then has the ranks agree on whether it failed anywhere. Collective
/// over `comm`.
///
/// \param work  Contains no collective call: a rank that failed before it would leave the others waiting.
/// \throws      CollectiveError on every rank, with the lowest failing rank's kind and message, if any rank's
///              work threw; Stopped (base/stopped.hpp) on every rank where none failed, but the work of one
///              was stopped.
void all_or_throw(const Communicator& comm, const std::function<void()>& work);

/// Makes library calls that are collective themselves (parallel HDF5), then has the ranks agree on what the
/// library reported. Collective over `comm`.
///
/// \param calls  Contains the calls and nothing that could fail on one rank alone; buffers are allocated
///               before.
/// \throws       CollectiveError on every rank, as all_or_throw, if the library reported a failure (an Error)
///               on any rank. Any other exception (no memory) leaves the other ranks waiting inside the
///               library, where they cannot agree on anything: it leaves this function on its rank alone, and
///               whoever catches it must end the job (Session::abort).
void run_collectively(const Communicator& comm, const std::function<void()>& calls);

}  // namespace cleft
