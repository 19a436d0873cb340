#pragma once

#include "parallel/communicator.hpp"
#include "pipeline/run/classifier.hpp"

namespace cleft {

/// As load_classifier without a communicator: rank 0 reads and checks, and sends the models to the others.
/// Collective over `comm`.
/// \throws CollectiveError on every rank when the models cannot be used, or when the configuration is about
///         others.
Classifier load_classifier(const Communicator& comm, const Config& config, const VolumeFacts& volume);

}  // namespace cleft
