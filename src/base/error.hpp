#pragma once

#include <exception>
#include <stdexcept>
#include <string>

namespace cleft {

/// Whose fault it is; decides the exit code.
enum class ErrorKind : int {
  input = 1,     ///< what the user gave (a file's content, a flag) cannot be used: exit code 1
  config = 2,    ///< the configuration is wrong: exit code 1
  io = 3,        ///< a file or a resource failed: exit code 2
  internal = 4,  ///< a bug in cleft: exit code 3
};

int exit_code(ErrorKind kind);

/// What every message has: the thing it is about, what was found there, and what was expected instead.
struct ErrorFields {
  std::string subject;   ///< file, dataset, key, flag, block: as the user knows it
  std::string found;     ///< "has 2 axes"
  std::string expected;  ///< "3 axes (z, y, x)"; may be empty where nothing else could have been expected
};

/// An error for people. what() is one line: "<subject>: <found>; expected <expected>".
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const ErrorFields& fields);
  /// Rebuilds an error that travelled between ranks as its kind and its line.
  Error(ErrorKind kind, const std::string& line) : std::runtime_error(line), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

class InputError : public Error {
 public:
  explicit InputError(const ErrorFields& fields) : Error(ErrorKind::input, fields) {}
};

class ConfigError : public Error {
 public:
  explicit ConfigError(const ErrorFields& fields) : Error(ErrorKind::config, fields) {}
};

class IoError : public Error {
 public:
  explicit IoError(const ErrorFields& fields) : Error(ErrorKind::io, fields) {}
};

/// A broken promise inside cleft, never the user's doing.
class InternalError : public Error {
 public:
  explicit InternalError(const std::string& what) : Error(ErrorKind::internal, "internal error: " + what) {}
};

/// What any exception means to the user: whose fault it is and the one line to print. Memory or files that
/// ran out or failed below cleft are I/O; whatever cleft did not foresee is a bug.
struct Failure {
  ErrorKind kind;
  std::string line;
};
Failure failure_of(const std::exception& e);

}  // namespace cleft
