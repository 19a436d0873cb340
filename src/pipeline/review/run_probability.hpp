#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "parallel/communicator.hpp"
#include "pipeline/report/report_input.hpp"

namespace cleft {

/// The probability that a run's labels were made of.
struct RunProbability {
  std::filesystem::path file;
  std::vector<std::string> classes;  ///< that are stored
};

/// Looks for the probability of a run: its own, or that of run.probability. One of up to
/// max_bytes_always_checked is compared with its checksums. Rank 0 looks. Collective over `comm`.
/// \returns Nothing where it was not kept.
/// \throws CollectiveError when it is damaged, or is not what the run's labels were made of.
std::optional<RunProbability> find_run_probability(const Communicator& comm, const FinishedRun& run);

}  // namespace cleft
