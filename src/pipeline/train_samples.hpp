#pragma once

#include <cstdint>
#include <span>

#include "features/feature_set.hpp"
#include "forest/samples.hpp"
#include "io/h5_volume.hpp"
#include "io/labels.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// What a rank may use while it computes features.
struct RankResources {
  std::int64_t memory = 0;  ///< bytes for the boxes that are worked on at one time
  int threads = 1;
};

/// The channels of labelled voxels, bit-identical to those of the whole volume: computed only in boxes around
/// them, which are shared among the ranks, and then given to every rank. Collective over `comm`.
///
/// \param volume   Each rank's own reader of the same volume.
/// \param labels   The same on every rank, distinct, inside the volume; samples come in their order.
/// \pre set.check_fits(volume.extent())
/// \throws CollectiveError on every rank when one cannot read the volume or has too little memory.
Samples compute_samples(const Communicator& comm, const VolumeReader& volume, const FeatureSet& set,
                        std::span<const LabelledVoxel> labels, int class_count,
                        const RankResources& resources);

}  // namespace cleft
