#pragma once

#include <stop_token>

#include "config/config.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/detect/input_identity.hpp"

namespace cleft {

/// Which of detect's stages to run. `all` does what is not done yet; `segment` works on the stored
/// probability alone, so that thresholds can be tried without predicting again.
enum class DetectStages { all, predict, segment };

/// From grey values to synapses: predict, then segment, into the run directory. What is done and has the same
/// recipe is not done again; what a killed run left half done goes on. Prints where the results are.
/// Collective over `comm`.
///
/// The results of segment are published together (base/files/publish.hpp), the table last: where synapses.csv
/// is there, run.yaml, run.json and synapses.h5 are of the same run.
///
/// \param stop  Looked at between tiles and blocks; a stop that is requested on one rank stops all. The same
///              call goes on later.
/// \param other  accept: what is there is gone on with although it was made from another volume or mask.
/// \throws CollectiveError on every rank; Stopped (base/stopped.hpp) on every rank when it was stopped.
void run_detect(const Communicator& comm, const Config& config, DetectStages stages,
                const std::stop_token& stop = {}, OtherInput other = OtherInput::refuse);

}  // namespace cleft
