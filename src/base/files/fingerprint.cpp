#include "base/files/fingerprint.hpp"

#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

/// To the nanosecond: a file may be written twice within a second.
std::string utc_text(const timespec& time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:09}Z", fmt::gmtime(time.tv_sec), time.tv_nsec);
}

}  // namespace

nlohmann::json file_fingerprint(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    if (errno == ENOENT)
      throw InputError({.subject = file.string(), .found = "there is no such file", .expected = ""});
    throw IoError({.subject = file.string(),
                   .found = "cannot be looked at (" + std::generic_category().message(errno) + ")",
                   .expected = ""});
  }
  return {{"path", std::filesystem::absolute(file).lexically_normal().string()},
          {"bytes", narrow<std::int64_t>(status.st_size)},
          {"modified", utc_text(status.st_mtim)}};
}

}  // namespace cleft
