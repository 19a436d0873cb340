#include "base/files/atomic_file.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  throw IoError({.subject = path.string(),
                 .found = "cannot be written (" + std::generic_category().message(error) + ")",
                 .expected = ""});
}

/// An open file; closed at the end of its scope whatever happens.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool valid() const { return fd_ >= 0; }
  /// Returns the error, or 0.
  int write(std::string_view content) const {
    while (!content.empty()) {
      const ssize_t written = ::write(fd_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return errno;
      content.remove_prefix(to_size(written));
    }
    return 0;
  }
  int sync() const { return ::fsync(fd_) == 0 ? 0 : errno; }
  /// A network file system may report a full disk no earlier than here.
  int close() {
    if (fd_ < 0) return 0;
    const int failed = ::close(fd_);
    fd_ = -1;
    return failed == 0 ? 0 : errno;
  }

 private:
  int fd_;
};

/// Makes sure that the file's data is on disk. Returns the error, or 0.
int sync_file(const std::filesystem::path& path) {
  const Descriptor file(path, O_RDONLY);
  return file.valid() ? file.sync() : errno;
}

int write_new(const std::filesystem::path& path, std::string_view content) {
  Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (!file.valid()) return errno;
  if (const int error = file.write(content)) return error;
  return file.close();
}

}  // namespace

std::filesystem::path unfinished_name(const std::filesystem::path& path) {
  return path.string() + ".part";
}

void publish_file(const std::filesystem::path& written, const std::filesystem::path& path) {
  if (const int error = sync_file(written)) fail(path, error);
  std::error_code failure;
  std::filesystem::rename(written, path, failure);
  if (failure) fail(path, failure.value());
  // The name itself is on disk once its folder is. Some file systems cannot sync folders; then rename is all
  // there is.
  sync_file(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."));
}

void write_file_atomically(const std::filesystem::path& path, std::string_view content) {
  const auto unfinished = unfinished_name(path);
  try {
    if (const int error = write_new(unfinished, content)) fail(path, error);
    publish_file(unfinished, path);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(unfinished, ignored);
    throw;
  }
}

}  // namespace cleft
