#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "parallel/communicator.hpp"

namespace cleft {

/// Hands out the numbers 0 … count − 1, each once, to ranks as they become free.
///
/// Rank 0 keeps the counter and answers the requests of the others. While it computes itself it cannot
/// answer, unless it computes through `run`, which uses a second thread for the work and answers meanwhile.
/// Other ranks request their next number while they still work on one, so that the answer is usually there
/// when they need it, even if rank 0 is reading or writing. `next_ahead` gives a rank its next number early,
/// so that it can read the data while it computes. Near the end no number is given early: a rank would hold a
/// number that an idle rank could work on.
///
/// Only the thread that made the Session calls its functions; `run` calls `work` on another.
///
/// Use on every rank:
/// \code
///   WorkQueue queue(comm, count);
///   while (const auto item = queue.next()) queue.run([&] { compute(*item); });
///   queue.finish();
/// \endcode
class WorkQueue {
 public:
  /// Collective over `comm`. Stores a reference to `comm`; it must outlive this object.
  /// \param count  At least 0, the same on every rank.
  WorkQueue(const Communicator& comm, std::int64_t count);

  /// The next number for this rank, or nothing when all are handed out or a rank has called `stop`. May wait
  /// for rank 0. Not collective.
  std::optional<std::int64_t> next();

  /// The next number, for a rank that still works on the last one. Nothing when few numbers are left; `next`
  /// may give one nevertheless. May wait for rank 0. Not collective.
  std::optional<std::int64_t> next_ahead();

  /// Runs `work` on another thread and `meanwhile` on this one, on rank 0 answering requests until `work` has
  /// ended. Not collective.
  /// \param work       Makes no MPI call and no HDF5 call: `meanwhile` may be in both.
  /// \param meanwhile  May make both, if no other rank has to take part.
  /// \throws           What either of them threw, once both have ended; that of `meanwhile` if both did.
  void run(const std::function<void()>& work, const std::function<void()>& meanwhile);
  /// The same with nothing to do meanwhile.
  void run(const std::function<void()>& work);

  /// On rank 0, how many numbers are handed out so far; 0 on other ranks. For progress reports. Not
  /// collective.
  std::int64_t handed_out() const { return given_; }

  /// From now on no rank is given a number. Call it when this rank has failed and the job should end soon.
  /// Not collective.
  void stop();

  /// Waits until every rank knows that nothing is left. Collective: every rank calls it, also one that has
  /// failed, and only after `next` gave nothing or after `stop`.
  void finish();

 private:
  std::int64_t answer();
  std::int64_t reply_to(std::int64_t request);
  void serve();

  const Communicator& comm_;
  std::int64_t count_;
  std::int64_t given_ = 0;    // rank 0: how many numbers are handed out so far
  int ranks_told_ = 0;        // rank 0: how many other ranks know that nothing is left
  bool told_ = false;         // this rank knows that nothing is left
  bool asked_ahead_ = false;  // other ranks: a request was sent whose answer was not received yet
};

}  // namespace cleft
