#pragma once

#include <exception>
#include <stdexcept>
#include <string>

namespace cleft {

/// What kind of thing failed; decides the exit code.
enum class ErrorKind : int {
  input = 1,     ///< what the user gave (a file's content, a flag) cannot be used: exit code 1
  config = 2,    ///< the configuration is wrong: exit code 1
  io = 3,        ///< a file or a resource failed: exit code 2
  internal = 4,  ///< a bug in cleft: exit code 3
};

/// The program's exit code after an error of this kind.
int exit_code(ErrorKind kind);

/// The parts of every error message: the thing it is about, what was found there, and what was expected
/// instead.
struct ErrorFields {
  std::string subject;   ///< file, dataset, key, flag, block: as the user knows it
  std::string found;     ///< "has 2 axes"
  std::string expected;  ///< "3 axes (z, y, x)"; may be empty where nothing else could have been expected
};

/// A user-facing error. what() is one printable line, "<subject>: <found>; expected <expected>", whatever the
/// fields hold: control characters are escaped and endless fields cut (see printable).
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const ErrorFields& fields);
  /// Rebuilds an error that travelled between ranks as its kind and its line.
  Error(ErrorKind kind, const std::string& line) : std::runtime_error(line), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

/// The user's input (a file, a flag) cannot be used.
class InputError : public Error {
 public:
  explicit InputError(const ErrorFields& fields) : Error(ErrorKind::input, fields) {}
};

/// The configuration is wrong.
class ConfigError : public Error {
 public:
  explicit ConfigError(const ErrorFields& fields) : Error(ErrorKind::config, fields) {}
};

/// A file or another resource of the system failed.
class IoError : public Error {
 public:
  explicit IoError(const ErrorFields& fields) : Error(ErrorKind::io, fields) {}
};

/// A bug: a condition that cleft's own code must ensure does not hold. Never the user's fault.
class InternalError : public Error {
 public:
  explicit InternalError(const std::string& what) : Error(ErrorKind::internal, "internal error: " + what) {}
};

/// What an exception means to the user.
struct Failure {
  ErrorKind kind;
  std::string line;  ///< the message to print, on one line
};
/// Classifies any exception: an Error keeps its kind, failures of memory and of the system (std::bad_alloc,
/// std::system_error) are I/O, and whatever cleft did not foresee is a bug.
Failure failure_of(const std::exception& e);

}  // namespace cleft
