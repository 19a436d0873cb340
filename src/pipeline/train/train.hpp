#pragma once

#include <stop_token>

#include "config/config.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// How a training is run, besides its configuration.
struct TrainCommand {
  /// Replace a model that was made from something else.
  bool force = false;
  /// Looked at between boxes of labels and while trees grow; a stop that is requested on one rank stops all.
  std::stop_token stop{};
};

/// Trains a forest on the labels of one or several volumes and writes the model file; rank 0 prints how well
/// the forest does on its own labels. Collective over `comm`. The file's bytes are the same for any number of
/// ranks and threads.
///
/// Uses config.volume, classes, labels, features, forest, model, run.memory_per_rank and
/// run.threads_per_rank. A model that is there already is replaced only by one of the same recipe
/// (pipeline/train/train_recipe.hpp).
///
/// \throws CollectiveError on every rank, as InputError, ConfigError or IoError say: no labels, labels
///         outside the volume, a class without labels, fewer than two classes, a volume that cannot be read
///         or is too small for a scale, a model file that cannot be written or may not be replaced; Stopped
///         (base/stopped.hpp) on every rank when it was stopped. No model is written then.
void run_train(const Communicator& comm, const Config& config, const TrainCommand& command = {});

}  // namespace cleft
