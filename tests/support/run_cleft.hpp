#pragma once

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <sys/wait.h>

#include "support/temp_directory.hpp"

namespace cleft::test {

/// What a run of the program left behind.
struct Outcome {
  int exit_code = -1;
  std::string out, err;

  /// Lines on standard error that are cleft's own report of an error; mpirun adds lines of its own.
  std::vector<std::string> errors() const {
    std::vector<std::string> lines;
    std::istringstream in(err);
    for (std::string line; std::getline(in, line);)
      if (line.rfind("error: ", 0) == 0) lines.push_back(line);
    return lines;
  }
};

inline std::string shell_quoted(const std::string& word) {
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// Runs a shell command, waits for it, and captures its standard output and standard error separately.
inline Outcome run_line(const std::string& line) {
  const TempDirectory directory;
  const std::string kept =
      " >" + (directory / "out").string() + " 2>" + (directory / "err").string() + " </dev/null";
  const int status = std::system((line + kept).c_str());
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .out = file_bytes(directory / "out"),
          .err = file_bytes(directory / "err")};
}

/// How a shell line begins that runs a program that uses MPI: that library keeps memory until the process
/// ends, which is not a leak of cleft's.
inline const std::string mpi_settings =
    ". " CLEFT_SOURCE_DIR "/tools/mpi-environment; ASAN_OPTIONS=detect_leaks=0 timeout -k 5 120 ";

/// The shell line that runs a program that uses MPI: by itself when ranks is 0, else under mpirun.
inline std::string program_line(const std::string& program, const std::vector<std::string>& arguments,
                                int ranks) {
  std::string line = mpi_settings;
  if (ranks > 0) line += "mpirun -n " + std::to_string(ranks) + " ";
  line += shell_quoted(program);
  for (const std::string& argument : arguments) line += " " + shell_quoted(argument);
  return line;
}

/// Runs that line and waits for it.
inline Outcome run_program(const std::string& program, const std::vector<std::string>& arguments, int ranks) {
  return run_line(program_line(program, arguments, ranks));
}

/// Runs cleft. For test folders that the build makes cleft for (CLEFT_PROGRAM_TESTS).
inline Outcome run_cleft(const std::vector<std::string>& arguments, int ranks = 0) {
  return run_program(CLEFT_EXECUTABLE, arguments, ranks);
}

}  // namespace cleft::test
