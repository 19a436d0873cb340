#pragma once

#include <cstdint>
#include <span>

#include "features/set/feature_set.hpp"
#include "forest/samples.hpp"
#include "io/volume/labels.hpp"
#include "io/volume/volume_reader.hpp"
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
/// \param image    Each rank's own readers of the same volume, one for each channel that the features are
///                 computed of.
/// \param labels   The same on every rank, distinct, inside the volume; samples come in their order.
/// \pre set.check_fits of the volume
/// \throws CollectiveError on every rank when one cannot read the volume or has too little memory.
Samples compute_samples(const Communicator& comm, std::span<const VolumeReader> image, const FeatureSet& set,
                        std::span<const LabelledVoxel> labels, int class_count,
                        const RankResources& resources);

}  // namespace cleft
