#pragma once

#include <stop_token>

#include "config/config.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// Trains a forest on a volume's labels and writes the model file; rank 0 prints how well the forest does on
/// its own labels. Collective over `comm`. The file's bytes are the same for any number of ranks and threads.
///
/// Uses config.volume, classes, labels, features, forest, model, run.memory_per_rank and
/// run.threads_per_rank.
///
/// \param stop  Looked at between boxes of labels and before trees are grown; a stop that is requested on one
///              rank stops all.
/// \throws CollectiveError on every rank, as InputError, ConfigError or IoError say: no labels, labels
///         outside the volume, a class without labels, fewer than two classes, a volume that cannot be read
///         or is too small for a scale, a model file that cannot be written; Stopped (base/stopped.hpp) on
///         every rank when it was stopped. No model is written then.
void run_train(const Communicator& comm, const Config& config, const std::stop_token& stop = {});

}  // namespace cleft
