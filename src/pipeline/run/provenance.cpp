#include "pipeline/run/provenance.hpp"

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/narrow.hpp"
#include "base/version.hpp"

namespace cleft {
namespace {

std::string utc_text(std::time_t time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time));
}

/// To the nanosecond, as far as the file system counts: a file may be written twice within a second.
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

Provenance::Provenance(std::filesystem::path file) : file_(std::move(file)) {
  std::ifstream in(file_);
  if (in) content_ = nlohmann::json::parse(in, nullptr, false);
  if (!content_.is_object()) content_ = nlohmann::json::object();
  content_["cleft"] = {{"version", version()}, {"revision", source_revision()}};
}

void Provenance::set(const std::string& section, nlohmann::json content) {
  content["finished"] = utc_text(std::time(nullptr));
  content_[section] = std::move(content);
  write_file_atomically(file_, content_.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace cleft
