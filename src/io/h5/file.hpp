#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/files/file_stamp.hpp"
#include "io/h5/group.hpp"

namespace cleft::h5 {

/// An open file; as a Group it is its root.
class File : public Group {
 public:
  /// Takes over an opened file.
  File(Handle file, const std::filesystem::path& path);
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  File(File&&) = default;
  File& operator=(File&&) = default;
  /// Closes it; a failure that `close` would report is lost.
  ~File();
  /// \throws InputError when there is no such file or it is no HDF5 file; IoError when it cannot be read or
  ///         is damaged.
  static File open_read(const std::filesystem::path& path);
  /// A new file that exists in memory only; `path` is its name in messages.
  static File create_in_memory(const std::filesystem::path& path);
  /// Opens a copy of all bytes of a file; `path` is its name in messages.
  /// \throws IoError when they are damaged
  static File open_image(std::span<const char> image, const std::filesystem::path& path);
  /// An existing file, to be changed by this rank alone.
  /// \throws as open_read
  static File open_write(const std::filesystem::path& path);
  /// A new file, to be written by this rank alone in cleft's own format (see set_format), where nothing is,
  /// not even a link.
  /// \param temporary   Its name.
  /// \param path        The name that it is for, for messages.
  /// \param user_block  Bytes at the file's beginning that HDF5 leaves alone: 0, or a power of two from 512.
  /// \throws IoError when it cannot be made
  static File create_new(const std::filesystem::path& temporary, const std::filesystem::path& path,
                         std::size_t user_block);
  /// As open_write, of a file that cleft has made: what is added has the format of the rest (see set_format).
  static File open_own(const std::filesystem::path& path);

  /// Everything so far is in the file when this returns: it can be opened even if the program is killed
  /// later. Collective on a shared file, as is close.
  /// \throws IoError
  void flush();
  /// \throws IoError when the last of it cannot be written; the file is then left as it is.
  void close();
  /// Forgets the file without closing it: a shared file that the other ranks may not be closing now (closing
  /// would wait for them), or one that cannot be written.
  void release() noexcept;

  /// The bytes of a file made in memory.
  std::vector<char> image() const;

  /// Its name on disk.
  std::string path() const;
  /// Of the open file, whatever has its name by now.
  /// \pre It was opened by open_read.
  FileStamp stamp() const;
  /// Of the open file, for reading bytes where HDF5 says that they are; it is HDF5's to close.
  /// \pre It was opened by open_read.
  int descriptor() const;

 private:
  Handle file_id_;
};

// How cleft's own files are written, by one rank or by all: in HDF5's format of 2008 (1.8), which has
// checksums over what describes the data, so that damage is found, and which everything in use reads. Later
// formats would shut out programs that still have HDF5 1.8.

/// Makes an access list one for a file in that format: for making files and for going on with them.
void set_format(hid_t access, const std::string& subject);
/// How a file is made: without times, so that two runs that compute the same write the same bytes.
Handle file_creation(const std::string& subject);

/// Lets `fill` write a new file, which appears at `path` only when it is complete: until then, and after a
/// failure, nothing is there that was not there before. The file is put together in memory (HDF5 does not
/// recover from a disk that is full), so this is for models, tables and such; volumes are written by
/// VolumeWriter.
/// \throws what `fill` throws; IoError when it cannot be written
void write_file(const std::filesystem::path& path, const std::function<void(File&)>& fill);

}  // namespace cleft::h5
