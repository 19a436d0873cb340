#include "parallel/agree.hpp"

#include <exception>
#include <optional>

namespace cleft {
namespace {

/// What went wrong in `work` on this rank, if anything.
std::optional<Failure> attempt(const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception& e) {
    return failure_of(e);
  }
  return std::nullopt;
}

/// If any rank failed, throws the failure of the lowest rank that did on every rank. Collective.
void agree_on(const Communicator& comm, const std::optional<Failure>& failure) {
  const int lowest = comm.min(failure ? comm.rank() : comm.size());
  if (lowest == comm.size()) return;
  const auto kind = comm.broadcast(failure ? failure->kind : ErrorKind::internal, lowest);
  const auto line = comm.broadcast(failure ? failure->line : std::string(), lowest);
  throw CollectiveError(kind, line, lowest);
}

}  // namespace

void all_or_throw(const Communicator& comm, const std::function<void()>& work) {
  agree_on(comm, attempt(work));
}

void run_collectively(const Communicator& comm, const std::function<void()>& calls) {
  std::optional<Failure> failure;
  try {
    calls();
  } catch (const Error& e) {
    failure = failure_of(e);
  }
  agree_on(comm, failure);
}

}  // namespace cleft
