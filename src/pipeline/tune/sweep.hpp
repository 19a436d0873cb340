#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "parallel/communicator.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"

namespace cleft {

struct SweepOptions {
  std::filesystem::path directory;  ///< of a run that has a stored probability
  EvaluateOptions truth;            ///< what is said of the truth and of the part that is judged
  bool everywhere = false;          ///< judge also outside the mask
  std::vector<std::string> axes;    ///< parse_axis of each
  std::optional<std::filesystem::path> csv;
};

/// Judges every combination of the axes' values from a run's stored probability, the other keys being as
/// the run has them, and prints a table. Nothing is segmented or written but the CSV file. Collective over
/// `comm`.
///
/// \param options  The same on every rank.
/// \throws CollectiveError on every rank when the run, the truth or an axis cannot be used, or when the CSV
///         file cannot be written or is something else; Stopped.
void run_sweep(const Communicator& comm, const SweepOptions& options, const std::stop_token& stop = {});

}  // namespace cleft
