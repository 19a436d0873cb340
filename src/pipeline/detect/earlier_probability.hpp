#pragma once

#include <filesystem>

#include "config/config.hpp"
#include "pipeline/detect/detect_options.hpp"
#include "pipeline/detect/predict_job.hpp"

namespace cleft {

/// Checks that run.probability leaves something to do and is not the run's own.
/// \throws ConfigError when the stage is predict, or the run directory has a probability of its own.
void check_sources(const Config& config, DetectStages stages);

/// Whether the probability that a job would predict is there, finished. Also looks at an unfinished one. For
/// rank 0, on behalf of all: others may see other times of change on a network file system. Not collective.
/// \param stored  The file: job.probability, or another run's (run.probability), which must be finished.
/// \throws ConfigError when what is there was made from something else; InputError when it is of another
///         shape or type, is no such file, or is another run's and not finished.
bool is_probability_done(const Config& config, const PredictJob& job, const std::filesystem::path& stored);

}  // namespace cleft
