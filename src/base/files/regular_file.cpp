#include "base/files/regular_file.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

std::string reason(int error) {
  return std::generic_category().message(error);
}

std::string_view kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "is a directory";
  if (S_ISFIFO(mode)) return "is a pipe";
  if (S_ISSOCK(mode)) return "is a socket";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "is a device";
  return "is not a regular file";
}

void check_kind(const std::filesystem::path& path, mode_t mode, std::string_view expected) {
  if (!S_ISREG(mode)) throw InputError({path.string(), std::string(kind_of(mode)), std::string(expected)});
}

/// Why a path leads nowhere: what the user gave, but for failures of the disk.
[[noreturn]] void refuse(const std::filesystem::path& path, int error, std::string_view expected) {
  if (error == ENOENT || error == ENOTDIR)
    throw InputError({path.string(), "there is no such file", std::string(expected)});
  if (error == ELOOP || error == ENAMETOOLONG)
    throw InputError({path.string(), "cannot be followed: " + reason(error), std::string(expected)});
  throw IoError({path.string(), "cannot be read: " + reason(error), ""});
}

/// \throws as check_regular_file
int open_regular(const std::filesystem::path& path, std::string_view expected) {
  check_regular_file(path, expected);  // first, since opening a device may already do something
  // Without O_NONBLOCK a pipe that has taken the name meanwhile would be waited for.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) refuse(path, errno, expected);
  struct stat status {};
  try {
    if (::fstat(descriptor, &status) != 0) refuse(path, errno, expected);
    check_kind(path, status.st_mode, expected);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  return descriptor;
}

std::size_t size_of(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 ? narrow<std::size_t>(status.st_size) : 0;
}

}  // namespace

void check_regular_file(const std::filesystem::path& path, std::string_view expected) {
  if (path.native().find('\0') != std::string::npos)  // the system would look no further than there
    throw InputError({path.string(), "is no name of a file: a NUL is in it", std::string(expected)});
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) refuse(path, errno, expected);
  check_kind(path, status.st_mode, expected);
  if (::access(path.c_str(), R_OK) != 0) refuse(path, errno, expected);
}

RegularFile::RegularFile(const std::filesystem::path& path, std::string_view expected)
    : path_(path), descriptor_(open_regular(path, expected)), size_(size_of(descriptor_)) {}

RegularFile::~RegularFile() {
  ::close(descriptor_);
}

std::size_t RegularFile::read(char* out, std::size_t room) {
  std::size_t done = 0;
  while (done < room) {
    const ssize_t got = ::read(descriptor_, out + done, room - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw IoError({path_.string(), "cannot be read: " + reason(errno), ""});
    if (got == 0) break;
    done += to_size(got);
  }
  return done;
}

std::string read_regular_file(const std::filesystem::path& path, std::string_view expected,
                              std::size_t max_bytes) {
  RegularFile file(path, expected);
  const auto refuse_size = [&](std::size_t bytes) {
    throw InputError({path.string(), fmt::format("has {} bytes", bytes),
                      fmt::format("{} of at most {} bytes", expected, max_bytes)});
  };
  if (file.size() > max_bytes) refuse_size(file.size());
  // It may grow while it is read, and files of /proc have no size: it is read until it ends.
  std::string content;
  constexpr std::size_t step = 1U << 16U;
  for (;;) {
    const std::size_t before = content.size();
    content.resize(before + std::max(step, file.size() - std::min(before, file.size())));
    const std::size_t got = file.read(content.data() + before, content.size() - before);
    content.resize(before + got);
    if (content.size() > max_bytes) refuse_size(content.size());
    if (got == 0) return content;
  }
}

}  // namespace cleft
