#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "features/set/feature_set.hpp"
#include "ilastik/project.hpp"
#include "io/volume/labels.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/run/volume_facts.hpp"

namespace cleft {

/// One labelled volume.
struct TrainVolume {
  VolumeFacts facts;
  std::vector<VolumeReader> image;     ///< each rank's own, one for each channel
  std::optional<FeatureSet> features;  ///< the selected ones at its voxel size
  std::vector<LabelledVoxel> labels;   ///< the same on every rank
};

/// What a forest is trained on. The configuration says it; what it leaves open, the ilastik project says that
/// holds the labels, the first if there are several.
struct TrainInput {
  std::vector<TrainVolume>
      volumes;  ///< at least one, in the configuration's order; together some of every class
  std::vector<std::string> classes;
  FeatureSelection selection;
  /// On rank 0: the stored classifier of the project that holds the labels, where its channels are the ones
  /// asked for and there are no other labels.
  std::optional<Model> model_of_labels;

  std::size_t label_count() const;
};

/// Reads what the configuration names: rank 0 the labels, every rank its own readers of the volumes.
/// Collective over `comm`.
/// \throws CollectiveError naming what is missing, does not fit the volume or contradicts the rest: also a
///         class without labels, fewer than two classes, and volumes that cannot be trained on together (of
///         other types or channels, or, for sigmas in nm, of voxels that filter other axes).
TrainInput prepare_training(const Communicator& comm, const Config& config);

}  // namespace cleft
