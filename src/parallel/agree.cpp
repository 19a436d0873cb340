#include "parallel/agree.hpp"

#include <exception>
#include <optional>

#include "base/stopped.hpp"

namespace cleft {
namespace {

/// How some work went on this rank.
struct Outcome {
  std::optional<Failure> failure;
  bool stopped = false;
};

Outcome attempt(const std::function<void()>& work) {
  try {
    work();
  } catch (const Stopped&) {
    return {.failure = std::nullopt, .stopped = true};
  } catch (const std::exception& e) {
    return {.failure = failure_of(e)};
  }
  return {};
}

/// Throws the lowest failing rank's failure on every rank, or else Stopped where one was stopped.
void agree_on(const Communicator& comm, const Outcome& outcome) {
  const auto& failure = outcome.failure;
  // Behind the ranks' own numbers: what is less grave than a failure.
  const int one_stopped = comm.size(), all_done = comm.size() + 1;
  const int lowest = comm.min(failure ? comm.rank() : outcome.stopped ? one_stopped : all_done);
  if (lowest == all_done) return;
  if (lowest == one_stopped) throw Stopped();
  const auto kind = comm.broadcast(failure ? failure->kind : ErrorKind::internal, lowest);
  const auto line = comm.broadcast(failure ? failure->line : std::string(), lowest);
  throw CollectiveError(kind, line, lowest);
}

}  // namespace

void all_or_throw(const Communicator& comm, const std::function<void()>& work) {
  agree_on(comm, attempt(work));
}

void run_collectively(const Communicator& comm, const std::function<void()>& calls) {
  Outcome outcome;
  try {
    calls();
  } catch (const Error& e) {
    outcome.failure = failure_of(e);
  }
  agree_on(comm, outcome);
}

}  // namespace cleft
