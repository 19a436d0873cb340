#pragma once

#include <stop_token>

#include "config/config.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/detect/detect_options.hpp"

namespace cleft {

/// From grey values to synapses: predict, then segment, into the run directory. What is done, has the same
/// recipe and is what was written is not done again; what a killed run left half done goes on; what is
/// damaged is made again from what is whole: a table from the labels' file, labels from the probability, a
/// block of the probability from the volume. Where other settings than those of the results there leave the
/// probability what it is, it is segmented anew, and the earlier table kept (EarlierLabels::keep_as). Prints
/// where the results are. Collective over `comm`.
///
/// With run.probability another run's stored probability is segmented and nothing is predicted.
///
/// The results of segment are published together (base/files/publish.hpp), the table last: where synapses.csv
/// is there, run.yaml, run.json and synapses.h5 are of the same run.
///
/// \param stop  Looked at between tiles and blocks; a stop that is requested on one rank stops all. The same
///              call goes on later.
/// \throws CollectiveError on every rank; Stopped (base/stopped.hpp) on every rank when it was stopped.
void run_detect(const Communicator& comm, const Config& config, const DetectOptions& options,
                const std::stop_token& stop = {});

}  // namespace cleft
