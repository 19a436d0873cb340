#include "base/files/disk_space.hpp"

#include <cerrno>
#include <limits>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/text/bytes.hpp"

namespace cleft {
namespace {

/// Bytes that are free on the file's disk; without end where the file system does not tell.
std::int64_t free_bytes(const std::filesystem::path& file) {
  std::error_code failed;
  const auto space = std::filesystem::space(file, failed);
  constexpr auto endless = std::numeric_limits<std::int64_t>::max();
  return failed || space.available > static_cast<std::uintmax_t>(endless)
             ? endless
             : narrow<std::int64_t>(space.available);
}

/// Asking a disk for far more than it has would fill it for a while, and not every file system can be asked.
bool surely_too_full(const std::filesystem::path& file, std::int64_t bytes) {
  constexpr std::int64_t stat_block = 512;
  struct stat now {};
  return ::stat(file.c_str(), &now) == 0 && bytes - now.st_blocks * stat_block > free_bytes(file);
}

/// 0, or the reason why the file cannot grow to `bytes`.
int try_reserve(const std::filesystem::path& file, std::int64_t bytes) {
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && static_cast<rlim_t>(bytes) > limit.rlim_cur) return EFBIG;
  if (surely_too_full(file, bytes)) return ENOSPC;
  const int fd = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  int failed = 0;
  do {
    failed = ::fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, bytes) == 0 ? 0 : errno;
  } while (failed == EINTR);
  struct stat now {};
  // What was taken before the space ran out is given back.
  if (failed != 0 && ::fstat(fd, &now) == 0 && ::ftruncate(fd, now.st_size) != 0) failed = errno;
  ::close(fd);
  return failed == EOPNOTSUPP || failed == ENOSYS ? 0 : failed;
}

}  // namespace

void reserve_space(const std::filesystem::path& file, std::int64_t bytes,
                   const std::filesystem::path& named) {
  const int failed = try_reserve(file, bytes);
  if (failed == 0) return;
  std::string expected = "that much free space";
  if (failed == ENOSPC) expected += fmt::format(", but {} are free", bytes_text(free_bytes(file)));
  throw IoError(
      {named.string(),
       fmt::format("cannot grow to {} ({})", bytes_text(bytes), std::generic_category().message(failed)),
       expected});
}

void release_space(const std::filesystem::path& file) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(file, failed);
  if (!failed) std::filesystem::resize_file(file, size, failed);
  if (failed) throw IoError({file.string(), "cannot be written (" + failed.message() + ")", ""});
}

}  // namespace cleft
