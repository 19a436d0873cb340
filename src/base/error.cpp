#include "base/error.hpp"

#include <algorithm>
#include <new>
#include <system_error>

namespace cleft {
namespace {

/// Makes a message one line: text of a library or a file name may contain line breaks.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string compose(const ErrorFields& f) {
  std::string line = f.subject + ": " + f.found;
  if (!f.expected.empty()) line += "; expected " + f.expected;
  return one_line(std::move(line));
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
  if (dynamic_cast<const std::system_error*>(&e) != nullptr) return {ErrorKind::io, one_line(e.what())};
  return {ErrorKind::internal, one_line(std::string("internal error: ") + e.what())};
}

}  // namespace cleft
