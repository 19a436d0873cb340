#include "io/disk_space.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"

namespace cleft {
namespace {

constexpr double mib = 1 << 20;

/// 0, or the reason why the file cannot grow to `bytes`.
int try_reserve(const std::filesystem::path& file, std::int64_t bytes) {
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && static_cast<rlim_t>(bytes) > limit.rlim_cur) return EFBIG;
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

void reserve_space(const std::filesystem::path& file, std::int64_t bytes) {
  const int failed = try_reserve(file, bytes);
  if (failed != 0)
    throw IoError({file.string(),
                   fmt::format("cannot grow to {:.1f} MiB ({})", static_cast<double>(bytes) / mib,
                               std::generic_category().message(failed)),
                   "that much free space"});
}

void release_space(const std::filesystem::path& file) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(file, failed);
  if (!failed) std::filesystem::resize_file(file, size, failed);
  if (failed) throw IoError({file.string(), "cannot be written (" + failed.message() + ")", ""});
}

}  // namespace cleft
