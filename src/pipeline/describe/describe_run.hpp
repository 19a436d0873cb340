#pragma once

#include <filesystem>
#include <string>

namespace cleft {

/// How far the run in a run directory is, what it found and with which settings, and whether its results are
/// what was written, as lines for people. Not collective.
/// \param verify  Also read all of a large probability; otherwise only one of at most 1 GiB.
/// \throws InputError when the directory is none that detect made.
std::string describe_run(const std::filesystem::path& directory, bool verify = false);

}  // namespace cleft
