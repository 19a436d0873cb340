#pragma once

#include <stop_token>

#include "forest/train/train.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// Grows a forest's trees on all ranks. Collective over `comm`.
///
/// \param samples, options  The same on every rank; see train_trees.
/// \param threads           Trees that each rank grows at once.
/// \param stop              See train_trees; a stop that is requested on one rank stops all.
/// \returns                 The out-of-bag sums of all trees on every rank; the whole forest on rank 0, only
///                          its own trees elsewhere. The same for any number of ranks and threads.
/// \throws                  CollectiveError on every rank when one fails; Stopped (base/stopped.hpp) on every
///                          rank when a stop was requested on one before its last tree was done.
TrainedTrees train_forest(const Communicator& comm, const Samples& samples, const TrainOptions& options,
                          int threads, const std::stop_token& stop = {});

}  // namespace cleft
