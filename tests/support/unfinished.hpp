#pragma once

#include <filesystem>
#include <vector>

namespace cleft::test {

/// The files in a folder that have not got their final names: those that end in ".part".
inline std::vector<std::filesystem::path> unfinished_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".part") found.push_back(entry.path());
  return found;
}

}  // namespace cleft::test
