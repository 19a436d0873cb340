#include "parallel/agree.hpp"

#include <cstdint>
#include <exception>
#include <new>
#include <optional>
#include <system_error>

namespace cleft {
namespace {

struct Failure {
  ErrorKind kind;
  std::string line;
};

/// What went wrong in `work` on this rank, if anything. Resources that ran out are the user's to mend;
/// whatever cleft did not throw itself is a bug.
std::optional<Failure> attempt(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& e) {
    return Failure{e.kind(), e.what()};
  } catch (const std::bad_alloc&) {
    return Failure{ErrorKind::io, "out of memory: lower run.memory_per_rank or use fewer ranks per node"};
  } catch (const std::system_error& e) {
    return Failure{ErrorKind::io, e.what()};
  } catch (const std::exception& e) {
    return Failure{ErrorKind::internal, std::string("internal error: ") + e.what()};
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
