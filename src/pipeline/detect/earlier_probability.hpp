#pragma once

#include "config/config.hpp"
#include "pipeline/detect/detect_options.hpp"
#include "pipeline/detect/prediction.hpp"

namespace cleft {

/// Checks that run.probability leaves something to do and is not the run's own.
/// \throws ConfigError when the stage is predict, or the run directory has a probability of its own.
void check_sources(const Config& config, DetectStages stages);

/// Whether the probability that a plan would predict, or that it takes from another run (run.probability), is
/// there, finished. Where it is not, looks whether what is there is of the same inputs and the same model: an
/// unfinished probability, or labels whose probability was not kept. For rank 0, on behalf of all: others may
/// see other times of change on a network file system. Not collective.
/// \throws ConfigError when what is there was made from something else; InputError when it is of another
///         shape or type, is no such file, or is another run's and not finished.
bool is_probability_done(const Config& config, const Prediction& plan);

}  // namespace cleft
