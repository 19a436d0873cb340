#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/tune/stored_run.hpp"

namespace cleft {

/// Settings for which nobody has said what is true.
struct Guessed {
  std::vector<std::string> assignments;  ///< "key=value"; empty where nothing can be said
  std::string verdict;                   ///< one sentence
  std::string reasoning;                 ///< for people, lines that end with the verdict
};

/// Guesses threshold.core_ratio, and the bounds of filter, from how many objects the stored probability has
/// at each ratio and smallest size (guess_from_counts) and from their sizes (guess_max_size); all else stays
/// as configured, and components are counted unsplit. Collective over `comm`.
/// \returns On rank 0; the same for any ranks, blocks and threads.
/// \throws CollectiveError on every rank; Stopped.
Guessed guess_settings(const Communicator& comm, const Config& config, const StoredRun& run,
                       const std::stop_token& stop = {});

}  // namespace cleft
