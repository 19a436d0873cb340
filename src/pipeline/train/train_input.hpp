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

/// What a forest is trained on. The configuration says it; what it leaves open, the ilastik project says that
/// holds the labels, if one does.
struct TrainInput {
  VolumeFacts volume;
  std::vector<VolumeReader> image;  ///< each rank's own, one for each channel
  std::vector<std::string> classes;
  FeatureSelection selection;
  std::optional<FeatureSet> features;
  std::vector<LabelledVoxel> labels;  ///< the same on every rank, some of every class
  /// On rank 0: the stored classifier of the project that holds the labels, where its channels are the ones
  /// asked for.
  std::optional<Model> model_of_labels;
};

/// Reads what the configuration names: rank 0 the labels, every rank its own readers of the volume.
/// Collective over `comm`.
/// \throws CollectiveError naming what is missing, does not fit the volume or contradicts the rest: also a
///         class without labels and fewer than two classes.
TrainInput prepare_training(const Communicator& comm, const Config& config);

}  // namespace cleft
