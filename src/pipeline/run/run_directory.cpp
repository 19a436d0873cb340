#include "pipeline/run/run_directory.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/replace.hpp"
#include "base/log.hpp"
#include "config/load.hpp"

namespace cleft {
namespace {

std::string reason(int error) {
  return std::generic_category().message(error);
}

void make_directory(const std::filesystem::path& directory) {
  if (std::filesystem::is_directory(directory)) return;
  std::error_code failure;
  std::filesystem::create_directory(directory, failure);
  if (!failure) return;
  const ErrorFields fields{.subject = directory.string(),
                           .found = "the run directory cannot be made (" + failure.message() + ")",
                           .expected = "run.directory in a folder that exists and can be written to"};
  // Where the parent folder is missing, or is none, the name is wrong: the user's fault. All else is the file
  // system's.
  if (failure == std::errc::no_such_file_or_directory || failure == std::errc::not_a_directory ||
      failure == std::errc::file_exists)
    throw InputError(fields);
  throw IoError(fields);
}

/// Refuses to mix this run with what another configuration left in the directory.
void check_same_configuration(const Config& config, const RunFiles& files, MayDiffer may_differ) {
  const Config there = load_config(files.configuration);
  const auto keys = differing_keys(there, config, may_differ);
  if (keys.empty()) return;
  std::vector<std::string> differences;
  for (const auto& key : keys)
    differences.push_back(
        fmt::format("{} ({} there, {} now)", key, shown_value(there, key), shown_value(config, key)));
  const bool other_step_would_do = differing_keys(there, config, MayDiffer::segmentation_too).empty();
  throw ConfigError(
      {.subject = files.directory.string(),
       .found = fmt::format("holds a run with other values of {}", fmt::join(differences, ", ")),
       .expected = other_step_would_do ? "the same values, another run.directory, or --stage segment"
                                       : "the same values or another run.directory"});
}

/// Refuses to replace a run.yaml that a person wrote: a run directory may be any folder.
void check_is_of_a_run(const std::filesystem::path& configuration) {
  check_replaces_only(
      configuration, "configuration of a run",
      [](const std::filesystem::path& file) { return is_shown_config(read_text(file)); },
      "another run.directory");
}

/// Refuses to take results of another configuration, or of an unknown one, for this run's.
void check_results_are_of(const Config& config, const RunFiles& files, MayDiffer may_differ) {
  const auto results = files.results_there();
  if (results.empty()) return check_is_of_a_run(files.configuration);
  if (!std::filesystem::exists(files.configuration))
    throw ConfigError({.subject = results.front().string(),
                       .found = "from a run whose run.yaml is gone",
                       .expected = "another run.directory, or this file out of the way"});
  check_same_configuration(config, files, may_differ);
}

/// Whether an open file has no name any more: the run that it belonged to has removed it and ended, and
/// another run may have made a new one of the same name.
bool is_removed(int descriptor) {
  struct stat found {};
  return ::fstat(descriptor, &found) == 0 && found.st_nlink == 0;
}

}  // namespace

RunDirectory::RunDirectory(const Config& config, MayDiffer may_differ)
    : files_(config.run.directory), configuration_(show_run_config(config)) {
  for (const auto& path : {files_.configuration, files_.lock, files_.directory})
    if (!std::filesystem::exists(path)) new_.push_back(path);
  make_directory(files_.directory);
  lock();
  try {
    check_results_are_of(config, files_, may_differ);
    // Results that are there may be of other settings; run.yaml is then theirs until they are replaced.
    if (may_differ == MayDiffer::how_it_runs || files_.results_there().empty())
      write_file_atomically(files_.configuration, configuration_);
  } catch (...) {
    // Where there are results, run.yaml and the directory belong to them and stay.
    if (files_.results_there().empty()) remove_traces();
    ::close(lock_);
    throw;
  }
}

RunDirectory::~RunDirectory() {
  try {
    if (files_.results_there().empty()) remove_traces();
  } catch (const std::filesystem::filesystem_error&) {
    // The directory cannot be listed, so it cannot be cleaned up.
  }
  if (lock_ >= 0) ::close(lock_);
}

/// Removes what this object made. It still holds the lock, so that no run that begins now has its files taken
/// away. A directory with other people's files in it stays: only an empty one can be removed.
void RunDirectory::remove_traces() const {
  std::error_code ignored;
  for (const auto& path : new_) std::filesystem::remove(path, ignored);
}

UnpublishedFile RunDirectory::write_configuration() const {
  return write_unpublished(files_.configuration, configuration_);
}

/// The lock ends with the process, however that ends, so that the run of a killed job can go on.
void RunDirectory::lock() {
  const int descriptor = ::open(files_.lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0)
    throw IoError({.subject = files_.directory.string(),
                   .found = "not writable (" + reason(errno) + ")",
                   .expected = "a run.directory that can be written to"});
  const bool taken = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
  if (taken && !is_removed(descriptor)) {
    lock_ = descriptor;
    return;
  }
  const int error = taken ? EWOULDBLOCK : errno;
  ::close(descriptor);
  if (error == EWOULDBLOCK)
    throw IoError({.subject = files_.directory.string(),
                   .found = "another cleft is running in it",
                   .expected = "another run.directory, or that run's end"});
  log::warning("{}: cannot be locked ({}); nothing keeps a second cleft from running in it",
               files_.directory.string(), reason(error));
}

}  // namespace cleft
