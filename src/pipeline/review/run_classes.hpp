#pragma once

#include <string>
#include <vector>

#include "parallel/communicator.hpp"
#include "pipeline/report/report_input.hpp"

namespace cleft {

/// The classes that the labels of a run's model number, label 1 the first: those of its configuration, where
/// that gives them; else those whose probabilities the run has stored, where these are all; else those of the
/// model, which must be the one that the run was made with. Rank 0 looks. Collective over `comm`.
/// \throws CollectiveError when the model is needed and is not there, cannot be read or is another one.
std::vector<std::string> classes_of_run(const Communicator& comm, const FinishedRun& run);

}  // namespace cleft
