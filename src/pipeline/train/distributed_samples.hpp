#pragma once

#include <stop_token>

#include "parallel/communicator.hpp"
#include "pipeline/train/train_samples.hpp"

namespace cleft {

/// As compute_samples without a communicator: the boxes are shared among the ranks, and every rank gets all
/// samples. Collective over `comm`.
///
/// \param input  The same on every rank, but for the readers: each rank has its own.
/// \param stop   Looked at between boxes; a stop that is requested on one rank stops all.
/// \throws CollectiveError on every rank when one cannot read the volume or has too little memory; Stopped
///         (base/stopped.hpp) on every rank.
Samples compute_samples(const Communicator& comm, const SampleInput& input, const RankResources& resources,
                        const std::stop_token& stop = {});

}  // namespace cleft
