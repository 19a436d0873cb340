#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"

namespace cleft {

struct TuneOptions {
  EvaluateOptions truth;                     ///< what is said of the truth and of the part that is judged
  bool unsupervised = false;                 ///< there is no truth: a guess from what is stored
  std::vector<std::string> axes;             ///< parse_axis of each; they take the place of the usual ones
  std::optional<std::filesystem::path> out;  ///< where the configuration is written
  bool force = false;                        ///< replace what is there
  std::optional<std::filesystem::path> csv;  ///< where all settings are written as a table
};

/// Chooses settings of segment from the stored probability of a configuration: by object F1 on the annotated
/// part (search_settings, choose_setting), or without a truth by what changes the least (guess_settings).
/// Prints a table and what was chosen and why, and writes the configuration with the chosen values.
/// Collective over `comm`.
///
/// \param options  The same on every rank.
/// \throws CollectiveError on every rank when the configuration, its stored probability, the truth or an axis
///         cannot be used, when nothing is to be found in what is judged, or when a file cannot be written;
///         Stopped.
void run_tune(const Communicator& comm, const Config& config, const TuneOptions& options,
              const std::stop_token& stop = {});

}  // namespace cleft
