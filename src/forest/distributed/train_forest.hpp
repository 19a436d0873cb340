#pragma once

#include "forest/train/train.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// Grows a forest's trees on all ranks. Collective over `comm`.
///
/// \param samples, options  The same on every rank; see train_trees.
/// \param threads           Trees that each rank grows at once.
/// \returns                 The out-of-bag sums of all trees on every rank; the whole forest on rank 0, only
///                          its own trees elsewhere. The same for any number of ranks and threads.
/// \throws                  CollectiveError on every rank when one fails.
TrainedTrees train_forest(const Communicator& comm, const Samples& samples, const TrainOptions& options,
                          int threads);

}  // namespace cleft
