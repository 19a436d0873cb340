#pragma once

#include <filesystem>
#include <system_error>

namespace cleft {

/// Whether a path leads to something: a link that leads nowhere, or round in a circle, does not.
inline bool is_there(const std::filesystem::path& path) {
  std::error_code nowhere;
  return std::filesystem::exists(path, nowhere);
}

}  // namespace cleft
