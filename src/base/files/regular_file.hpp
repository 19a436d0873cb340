#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace cleft {

// The one way in which a file is opened for reading. A path may lead to a folder, a pipe that nobody writes
// to, or a device: opened as if it were a file, these fail late or never return.

/// Checks that a path leads to a regular file that this process may read.
/// \param expected  For messages: "an HDF5 file".
/// \throws InputError when nothing is there, or something else; IoError when it cannot be looked at or read.
void check_regular_file(const std::filesystem::path& path, std::string_view expected);

/// The content of a regular file, to its end: a file that fails halfway is an error, not a shorter file.
/// \param max_bytes  That the file may have: what is larger is not what `expected` says.
/// \throws as check_regular_file; InputError when it is too large; IoError when reading fails
std::string read_regular_file(const std::filesystem::path& path, std::string_view expected,
                              std::size_t max_bytes);

/// A regular file, open for reading: the file stays the same one even if its name is given to another.
class RegularFile {
 public:
  /// \throws as check_regular_file
  RegularFile(const std::filesystem::path& path, std::string_view expected);
  ~RegularFile();
  RegularFile(const RegularFile&) = delete;
  RegularFile& operator=(const RegularFile&) = delete;

  /// Bytes it had when it was opened.
  std::size_t size() const { return size_; }
  int descriptor() const { return descriptor_; }
  /// Reads the next bytes, as many as `out` has room for unless the file ends.
  /// \returns How many; 0 at the end.
  /// \throws IoError
  std::size_t read(char* out, std::size_t room);

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::size_t size_ = 0;
};

}  // namespace cleft
