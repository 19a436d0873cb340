#include "pipeline/run/run_directory.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>
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
  // A folder that is not there was misnamed; one that is there and fails is no fault of the name.
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

/// What another run may have left in the directory; run.yaml alone is no result.
std::vector<std::filesystem::path> results_there(const RunFiles& files) {
  std::vector<std::filesystem::path> found;
  for (const auto& output :
       {files.probability, unfinished_name(files.probability), files.synapses, files.table})
    if (std::filesystem::exists(output)) found.push_back(output);
  return found;
}

/// Refuses to take another run's results for this run's, or results of a run that is not known.
void check_results_are_of(const Config& config, const RunFiles& files, MayDiffer may_differ) {
  const auto results = results_there(files);
  if (results.empty()) return check_is_of_a_run(files.configuration);
  if (!std::filesystem::exists(files.configuration))
    throw ConfigError({.subject = results.front().string(),
                       .found = "from a run whose run.yaml is gone",
                       .expected = "another run.directory, or this file out of the way"});
  check_same_configuration(config, files, may_differ);
}

/// Whether an open file has no name any more: the run that removed it has just ended, another may have made
/// a new one.
bool is_removed(int descriptor) {
  struct stat found {};
  return ::fstat(descriptor, &found) == 0 && found.st_nlink == 0;
}

}  // namespace

RunFiles::RunFiles(std::filesystem::path run_directory)
    : directory(std::move(run_directory)),
      configuration(directory / "run.yaml"),
      provenance(directory / "run.json"),
      probability(directory / "probability.h5"),
      synapses(directory / "synapses.h5"),
      table(directory / "synapses.csv") {}

RunDirectory::RunDirectory(const Config& config, MayDiffer may_differ)
    : files_(config.run.directory),
      lock_file_(files_.directory / ".lock"),
      configuration_(show_run_config(config)) {
  for (const auto& path : {files_.configuration, lock_file_, files_.directory})
    if (!std::filesystem::exists(path)) new_.push_back(path);
  make_directory(files_.directory);
  lock();
  try {
    check_results_are_of(config, files_, may_differ);
    // Results there may be of other settings; then run.yaml is theirs until they are replaced.
    if (may_differ == MayDiffer::how_it_runs || results_there(files_).empty()) store_configuration();
  } catch (...) {
    // Results there are of a run that ended just before, and so is what stands beside them.
    if (results_there(files_).empty()) remove_traces();
    ::close(lock_);
    throw;
  }
}

RunDirectory::~RunDirectory() {
  try {
    if (results_there(files_).empty()) remove_traces();
  } catch (const std::filesystem::filesystem_error&) {  // who cannot look at it cannot clear it up
  }
  if (lock_ >= 0) ::close(lock_);
}

/// Under the lock, so that no run that begins now has its files taken away. Other people's files keep the
/// directory.
void RunDirectory::remove_traces() const {
  std::error_code ignored;
  for (const auto& path : new_) std::filesystem::remove(path, ignored);
}

void RunDirectory::store_configuration() const {
  write_file_atomically(files_.configuration, configuration_);
}

/// The lock ends with the process, however it ends, so that a killed job can go on.
void RunDirectory::lock() {
  const int descriptor = ::open(lock_file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
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
