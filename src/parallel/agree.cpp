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

}  // namespace

void all_or_throw(const Communicator& comm, const std::function<void()>& work) {
  const auto failure = attempt(work);
  const int lowest = comm.min(failure ? comm.rank() : comm.size());
  if (lowest == comm.size()) return;
  const auto kind = comm.broadcast(failure ? failure->kind : ErrorKind::internal, lowest);
  const auto line = comm.broadcast(failure ? failure->line : std::string(), lowest);
  throw CollectiveError(kind, line, lowest);
}

}  // namespace cleft
