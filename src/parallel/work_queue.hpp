#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "parallel/communicator.hpp"

namespace cleft {

/// Hands out the numbers 0 … count−1, each once, to ranks as they become free. Rank 0 keeps the counter and
/// answers the others; while it computes itself it must do so through `run`, which computes on a second
/// thread and answers meanwhile. The others ask for a number while they still have one to work on, so that
/// they need not wait while rank 0 reads or writes and answers nobody. So that a rank can read for its next
/// number while it computes, it may take that ahead. Near the end nothing is given ahead, so that no rank
/// holds a number that another could begin with.
///
/// Use on every rank:
/// \code
///   WorkQueue queue(comm, count);
///   while (const auto item = queue.next()) queue.run([&] { compute(*item); });
///   queue.finish();
/// \endcode
class WorkQueue {
 public:
  /// Collective over `comm`.
  /// \pre The same count on every rank.
  WorkQueue(const Communicator& comm, std::int64_t count);

  /// The next number for this rank, or nothing when all are handed out or a rank has called `stop`. Not
  /// collective.
  std::optional<std::int64_t> next();

  /// The next number while this rank is not done with the last one; nothing when too few are left, which says
  /// nothing about what `next` will give. Not collective.
  std::optional<std::int64_t> next_ahead();

  /// Runs `work`, which makes no MPI call and no parallel HDF5 call, on another thread, and `meanwhile` on
  /// this one; what they throw is thrown here once both have ended. Not collective.
  void run(const std::function<void()>& work, const std::function<void()>& meanwhile);
  /// With nothing to do meanwhile.
  void run(const std::function<void()>& work);

  /// How many numbers are handed out so far: on rank 0 exact, elsewhere 0. For progress. Not collective.
  std::int64_t handed_out() const { return given_; }

  /// No rank is given anything more: call when this rank has failed and the job should end soon. Not
  /// collective.
  void stop();

  /// Waits until every rank has been told that nothing is left. Collective; call it on every rank, also after
  /// a failure.
  void finish();

 private:
  std::int64_t answer();
  std::int64_t reply_to(std::int64_t request);
  void serve();

  const Communicator& comm_;
  std::int64_t count_;
  std::int64_t given_ = 0;    // rank 0: numbers handed out so far
  int ranks_told_ = 0;        // rank 0: other ranks that know nothing is left
  bool told_ = false;         // this rank knows nothing is left
  bool asked_ahead_ = false;  // other ranks: a reply is on its way that was not waited for
};

}  // namespace cleft
