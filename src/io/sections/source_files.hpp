#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cleft {

/// The files that `source` names: of a folder all its TIFF or PNG files, of a pattern with * or ? what it
/// matches, or the one file. In no order.
/// \throws InputError when nothing is there, or a folder holds TIFF and PNG files.
std::vector<std::filesystem::path> find_source_files(const std::string& source);

/// Images of other kinds in a folder of sections, which find_source_files leaves out, in the order of their
/// names; none where `source` is no folder.
std::vector<std::filesystem::path> other_images_in(const std::string& source);

/// What tells that a file is still the one that it was.
struct FileState {
  std::uint64_t device = 0, number = 0, bytes = 0;
  std::int64_t seconds = 0, nanoseconds = 0;  ///< of its last change
  friend bool operator==(const FileState&, const FileState&) = default;
};

/// \throws InputError when it is not there any more
FileState state_of(const std::filesystem::path& file);

}  // namespace cleft
