#include "base/error.hpp"

#include <algorithm>

namespace cleft {
namespace {

/// Messages are one line each, whatever a library or a file name brought into them.
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

}  // namespace cleft
