#include "base/files/file_stamp.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

FileStamp stamp_from(const struct stat& status) {
  return {narrow<std::int64_t>(status.st_size), narrow<std::int64_t>(status.st_mtim.tv_sec),
          narrow<std::int64_t>(status.st_mtim.tv_nsec)};
}

[[noreturn]] void fail_to_look(const std::filesystem::path& file, int error) {
  if (error == ENOENT || error == ENOTDIR) throw InputError({file.string(), "there is no such file", ""});
  throw IoError({file.string(), "cannot be looked at: " + std::generic_category().message(error), ""});
}

}  // namespace

std::string to_string(const FileStamp& stamp) {
  return fmt::format("{} bytes of {:%Y-%m-%dT%H:%M:%S}.{:09}Z", stamp.bytes,
                     fmt::gmtime(static_cast<std::time_t>(stamp.seconds)), stamp.nanoseconds);
}

FileStamp stamp_of(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) fail_to_look(file, errno);
  return stamp_from(status);
}

FileStamp stamp_of(int descriptor, const std::filesystem::path& file) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) fail_to_look(file, errno);
  return stamp_from(status);
}

void check_unchanged(const std::filesystem::path& file, const FileStamp& before, const FileStamp& now) {
  if (now == before) return;
  const std::string found =
      now.bytes == before.bytes
          ? "was written to while it was read"
          : fmt::format("had {} bytes when it was opened and has {} now", before.bytes, now.bytes);
  throw IoError({file.string(), found, "an input that stays as it is until cleft has read it"});
}

}  // namespace cleft
