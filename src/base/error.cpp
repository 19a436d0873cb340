#include "base/error.hpp"

#include <new>
#include <system_error>

#include "base/printable.hpp"

namespace cleft {
namespace {

std::string compose(const ErrorFields& f) {
  std::string line = printable(f.subject) + ": " + printable(f.found);
  if (!f.expected.empty()) line += "; expected " + printable(f.expected);
  return line;
}

}  // namespace

Error::Error(ErrorKind kind, const ErrorFields& fields) : std::runtime_error(compose(fields)), kind_(kind) {}

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::input:
    case ErrorKind::config:
      return 1;
    case ErrorKind::io:
      return 2;
    case ErrorKind::internal:
      return 3;
  }
  return 3;
}

Failure failure_of(const std::exception& e) {
  if (const auto* error = dynamic_cast<const Error*>(&e)) return {error->kind(), error->what()};
  if (dynamic_cast<const std::bad_alloc*>(&e) != nullptr)
    return {ErrorKind::io, "out of memory: lower run.memory_per_rank or use fewer ranks per node"};
  if (dynamic_cast<const std::system_error*>(&e) != nullptr) return {ErrorKind::io, printable(e.what())};
  return {ErrorKind::internal, printable(std::string("internal error: ") + e.what())};
}

}  // namespace cleft
