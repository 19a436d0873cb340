#include "pipeline/run/run_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/is_there.hpp"
#include "base/files/regular_file.hpp"
#include "base/files/replace.hpp"
#include "base/log.hpp"
#include "config/load.hpp"
#include "config/show.hpp"

namespace cleft {
namespace {

std::string reason(int error) {
  return std::generic_category().message(error);
}

void make_directory(const std::filesystem::path& directory) {
  std::error_code failure;
  if (std::filesystem::is_directory(directory, failure)) return;
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

/// The keys in which two configurations differ, with their values.
std::vector<std::string> differences(const Config& there, const Config& now, MayDiffer may_differ) {
  std::vector<std::string> texts;
  for (const auto& key : differing_keys(there, now, may_differ))
    texts.push_back(
        fmt::format("{} ({} there, {} now)", key, shown_value(there, key), shown_value(now, key)));
  return texts;
}

/// Whether all of these differences are about lengths and places: where no scale is in nm, these do not
/// change the probability.
bool may_leave_probability(const std::vector<std::string>& differences) {
  return std::all_of(differences.begin(), differences.end(), [](const std::string& text) {
    return text.starts_with("volume.voxel_size_nm ") || text.starts_with("volume.offset_nm ") ||
           text.starts_with("volume.trust ");
  });
}

bool is_something(const std::filesystem::path& path) {
  std::error_code unknown;
  return std::filesystem::exists(std::filesystem::symlink_status(path, unknown));
}

/// Refuses to begin what could not be finished: only a file, or a link, can be replaced by a file.
void check_can_be_replaced(const std::filesystem::path& output) {
  if (is_there(output)) check_regular_file(output, "an output of cleft, or nothing; move it away");
}

/// Refuses to replace a run.yaml that a person wrote: a run directory may be any folder.
void check_is_of_a_run(const std::filesystem::path& configuration) {
  check_replaces_only(
      configuration, "configuration of a run",
      [](const std::filesystem::path& file) { return is_shown_config(read_text(file)); },
      "another run.directory");
}

/// Whether an open file has no name any more: the run that it belonged to has removed it and ended, and
/// another run may have made a new one of the same name.
bool is_removed(int descriptor) {
  struct stat found {};
  return ::fstat(descriptor, &found) == 0 && found.st_nlink == 0;
}

}  // namespace

RunDirectory::RunDirectory(const Config& config, std::chrono::milliseconds patience)
    : files_(config.run.directory), configuration_(show_run_config(config)) {
  lock(patience);
  try {
    for (const auto& output : files_.outputs()) {
      check_can_be_replaced(output);
      remove_leftovers(output);
    }
    remove_leftovers(unfinished_name(files_.probability));
    check_results_are_of(config);
    if (files_.results_there().empty()) store_configuration();
  } catch (...) {
    // Where there are results, run.yaml and the directory belong to them and stay.
    if (files_.results_there().empty()) remove_traces();
    ::close(lock_);
    throw;
  }
}

/// Refuses to take results of another configuration, or of an unknown one, for this run's.
void RunDirectory::check_results_are_of(const Config& config) {
  const auto results = files_.results_there();
  if (results.empty()) return check_is_of_a_run(files_.configuration);
  if (!is_there(files_.configuration))
    throw ConfigError({.subject = results.front().string(),
                       .found = "from a run whose run.yaml is gone",
                       .expected = "another run.directory, or move this file away"});
  const Config there = load_config(files_.configuration);
  const auto others = differences(there, config, MayDiffer::segmentation_too);
  if (!others.empty())
    throw ConfigError(
        {.subject = files_.directory.string(),
         .found = fmt::format("holds a run with other values of {}", fmt::join(others, ", ")),
         .expected = fmt::format("the same values or another run.directory{}, or remove {}",
                                 may_leave_probability(others)
                                     ? fmt::format(" (there, run.probability: {} saves predicting again)",
                                                   files_.directory.string())
                                     : "",
                                 files_.directory.string())});
  changed_settings_ = differences(there, config, MayDiffer::how_it_runs);
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

void RunDirectory::store_configuration() const {
  write_file_atomically(files_.configuration, configuration_);
}

/// The lock ends with the process, however that ends, so that the run of a killed job can go on.
void RunDirectory::lock(std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds pause(100);
  const auto end = std::chrono::steady_clock::now() + patience;
  for (bool told = false; !try_lock(); told = true) {
    if (std::chrono::steady_clock::now() >= end)
      throw IoError({.subject = files_.directory.string(),
                     .found = "another cleft is running in it",
                     .expected = "another run.directory, or that run's end"});
    if (!told)
      log::info("{}: another cleft is running in it; waits {} s for its end", files_.directory.string(),
                std::chrono::duration_cast<std::chrono::seconds>(patience).count());
    std::this_thread::sleep_for(pause);
  }
}

/// Makes the directory, which a run that has just ended may have taken away with it, and locks it.
/// \returns Whether this process has the directory now, or the file system knows no locks.
bool RunDirectory::try_lock() {
  new_.clear();
  for (const auto& path : {files_.configuration, files_.lock, files_.directory})
    if (!is_something(path)) new_.push_back(path);
  make_directory(files_.directory);
  // Without O_NONBLOCK a pipe would be waited for.
  const int descriptor =
      ::open(files_.lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
  if (descriptor < 0 && (errno == EISDIR || errno == ELOOP))
    throw InputError({.subject = files_.lock.string(),
                      .found = errno == ELOOP ? "is a link" : "is a directory",
                      .expected = "the lock of a run directory, or nothing; move it away"});
  const int failed = errno;
  if (descriptor < 0 && !is_there(files_.directory)) return false;  // it went just now
  if (descriptor < 0)
    throw IoError({.subject = files_.directory.string(),
                   .found = "not writable (" + reason(failed) + ")",
                   .expected = "a run.directory that can be written to"});
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
    if (!is_removed(descriptor)) {
      lock_ = descriptor;
      return true;
    }
    ::close(descriptor);
    return false;
  }
  const int error = errno;
  ::close(descriptor);
  if (error == EWOULDBLOCK) return false;
  log::warning("{}: cannot be locked ({}); nothing keeps a second cleft from running in it",
               files_.directory.string(), reason(error));
  return true;
}

}  // namespace cleft
