#pragma once

#include "config/config.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// Trains a forest on a volume's labels and writes the model file; rank 0 prints how well the forest does on
/// its own labels. Collective over `comm`. The file's bytes are the same for any number of ranks and threads.
///
/// Uses config.volume, classes, labels, features, forest, model, run.memory_per_rank and
/// run.threads_per_rank.
///
/// \throws CollectiveError on every rank, as InputError, ConfigError or IoError say: no labels, labels
///         outside the volume, a class without labels, fewer than two classes, a volume that cannot be read
///         or is too small for a scale, a model file that cannot be written.
void run_train(const Communicator& comm, const Config& config);

}  // namespace cleft
