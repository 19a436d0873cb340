#include "io/write_atomically.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "base/error.hpp"

namespace cleft {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int reason) {
  throw IoError({path.string(), "cannot be written: " + std::generic_category().message(reason), ""});
}

/// Closes a file when a write to it has failed; after success `close` reports what the last write left to
/// report.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  int get() const { return fd_; }
  int close() {
    const int result = fd_ < 0 ? 0 : ::close(fd_);
    fd_ = -1;
    return result;
  }

 private:
  int fd_;
};

void write_all(const std::filesystem::path& path, std::span<const char> bytes) {
  constexpr mode_t everyone = 0666;  // less what the user's umask takes away
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, everyone));
  if (file.get() < 0) fail(path, errno);
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0 || file.close() != 0) fail(path, errno);
}

}  // namespace

std::filesystem::path part_of(const std::filesystem::path& path) {
  return path.string() + ".part";
}

void rename_into_place(const std::filesystem::path& part, const std::filesystem::path& path) {
  std::error_code failure;
  std::filesystem::rename(part, path, failure);
  if (failure) fail(path, failure.value());
}

void write_atomically(const std::filesystem::path& path, std::span<const char> bytes) {
  const std::filesystem::path part = part_of(path);
  try {
    write_all(part, bytes);
    rename_into_place(part, path);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    throw;
  }
}

}  // namespace cleft
