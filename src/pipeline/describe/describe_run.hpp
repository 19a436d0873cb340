#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace cleft {

/// What is told of a file or of a run.
struct Description {
  std::string text;                  ///< lines for people
  std::vector<std::string> damaged;  ///< of a run: names of the files that are not what was written
};

/// How far the run in a run directory is, what it found and with which settings, and whether its results are
/// what was written. Not collective.
/// \param verify  Also read all of a large probability; otherwise only one of at most 1 GiB.
/// \throws InputError when the directory is none that detect made.
Description describe_run(const std::filesystem::path& directory, bool verify = false);

}  // namespace cleft
