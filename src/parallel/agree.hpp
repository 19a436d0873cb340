#pragma once

#include <functional>

#include "base/error.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// The same error on every rank of a communicator: after one, all ranks unwind alike and none waits for
/// another.
class CollectiveError : public Error {
 public:
  CollectiveError(ErrorKind kind, const std::string& line, int rank) : Error(kind, line), rank_(rank) {}
  /// The rank the error first happened on.
  int rank() const { return rank_; }

 private:
  int rank_;
};

/// Runs rank-local work that can fail, then lets the ranks agree on how it went. Collective over `comm`.
///
/// \param work  Contains no collective call (a rank that fails in it would leave the others waiting).
/// \throws      CollectiveError on every rank, with the lowest failing rank's kind and message, if any rank's
///              work threw; Stopped (base/stopped.hpp) on every rank where none failed, but the work of one
///              was stopped.
void all_or_throw(const Communicator& comm, const std::function<void()>& work);

/// Makes calls of a library that are collective themselves (parallel HDF5), then lets the ranks agree on what
/// the library reported. Collective over `comm`.
///
/// \param calls  What they need is made beforehand: between them nothing is to fail on one rank alone.
/// \throws CollectiveError on every rank, as all_or_throw, if the library reported a failure on any rank.
/// Something else (no memory) leaves the other ranks inside the library, where nothing can be agreed on: it
/// escapes from its rank alone, and whoever catches it ends the job.
void run_collectively(const Communicator& comm, const std::function<void()>& calls);

}  // namespace cleft
