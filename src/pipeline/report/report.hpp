#pragma once

#include <chrono>
#include <filesystem>
#include <span>
#include <string>

#include "config/config.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/detect/input_identity.hpp"
#include "pipeline/run/run_lock.hpp"

namespace cleft {

/// Whether a report is written although the one that is there is of the same results and settings.
enum class ReportAgain { no, yes };

/// Writes the report of a finished run into RUN/report: a page that opens from disk, with a table, pictures
/// and surfaces. Its bytes depend on the run, the settings and the version of cleft alone. It is written
/// beside its place and renamed; an earlier report is replaced, any other folder never. Prints where the page
/// is. Collective over `comm`.
///
/// Besides fixed buffers each rank holds the table; the page's data of it, as text, are on rank 0.
///
/// \param config    Names the run directory; its section `report` says how.
/// \param patience  How long another process is waited for that works in the run directory.
/// \throws CollectiveError as open_finished_run; when the folder is not a report's, or cannot be written, or
///         another process has the run directory.
void write_report(const Communicator& comm, const Config& config, OtherInput other, ReportAgain again,
                  std::chrono::milliseconds patience = RunLock::usual_patience);

/// The same of a run directory, with its own configuration.
/// \param sets  Values of the configuration to set anew, as parse_config.
void run_report(const Communicator& comm, const std::filesystem::path& directory,
                std::span<const std::string> sets, OtherInput other);

}  // namespace cleft
