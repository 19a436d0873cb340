#pragma once

#include <filesystem>
#include <string>

namespace cleft {

/// How far the run in a run directory is and what it found, as lines for people.
/// \throws InputError when the directory is none that detect made.
std::string describe_run(const std::filesystem::path& directory);

}  // namespace cleft
