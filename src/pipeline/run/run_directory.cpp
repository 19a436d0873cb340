#include "pipeline/run/run_directory.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/is_there.hpp"
#include "base/files/regular_file.hpp"
#include "base/files/replace.hpp"
#include "config/load.hpp"
#include "config/show.hpp"

namespace cleft {
namespace {

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

}  // namespace

RunDirectory::RunDirectory(const Config& config, std::chrono::milliseconds patience)
    : files_(config.run.directory), lock_(files_, patience), configuration_(show_run_config(config)) {
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
}

/// Removes what this object made. It still holds the lock, so that no run that begins now has its files taken
/// away. A directory with other people's files in it stays: only an empty one can be removed.
void RunDirectory::remove_traces() const {
  std::error_code ignored;
  for (const auto& path : lock_.missing_before()) std::filesystem::remove(path, ignored);
}

UnpublishedFile RunDirectory::write_configuration() const {
  return write_unpublished(files_.configuration, configuration_);
}

void RunDirectory::store_configuration() const {
  write_file_atomically(files_.configuration, configuration_);
}

}  // namespace cleft
