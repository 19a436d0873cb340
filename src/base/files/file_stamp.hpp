#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <string>

namespace cleft {

/// What changes when a file is written to or cut: whether what is read at the end is what was there at the
/// beginning. It tells nothing about content; see fingerprint.hpp.
struct FileStamp {
  std::int64_t bytes = 0;
  std::int64_t seconds = 0, nanoseconds = 0;  ///< of its last change, since 1970

  friend auto operator<=>(const FileStamp&, const FileStamp&) = default;
};

/// "22349 bytes of 2024-05-06T07:08:09.123456789Z"
std::string to_string(const FileStamp& stamp);

/// \throws InputError when there is no such file; IoError when it cannot be looked at.
FileStamp stamp_of(const std::filesystem::path& file);
/// Of a file that is open, whatever has its name by now.
FileStamp stamp_of(int descriptor, const std::filesystem::path& file);

/// \param before  The file's stamp when it was opened.
/// \throws        IoError naming the file and what has changed, when something has.
void check_unchanged(const std::filesystem::path& file, const FileStamp& before, const FileStamp& now);

}  // namespace cleft
