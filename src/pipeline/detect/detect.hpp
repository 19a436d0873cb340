#pragma once

#include "config/config.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// Which of detect's stages to run. `all` does what is not done yet; `segment` works on the stored
/// probability alone, so that thresholds can be tried without predicting again.
enum class DetectStages { all, predict, segment };

/// From grey values to synapses: predict, then segment, into the run directory. What is done and was made
/// from the same things is not done again; what a killed run left half done goes on. Prints where the table
/// is. Collective over `comm`.
///
/// \throws CollectiveError on every rank.
void run_detect(const Communicator& comm, const Config& config, DetectStages stages);

}  // namespace cleft
