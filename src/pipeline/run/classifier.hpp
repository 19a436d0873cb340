#pragma once

#include <string>
#include <vector>

#include "features/set/feature_set.hpp"
#include "forest/model.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/run/volume_facts.hpp"
#include "probability/classify_block.hpp"

namespace cleft {

/// What `model` of the configuration stands for, at the volume's voxel size: a model file, or the one or two
/// stages of an ilastik project.
struct Classifier {
  std::vector<Model> models;         ///< [stage]
  std::vector<FeatureSet> features;  ///< [stage]

  /// Refer to this object.
  std::vector<ClassifierStage> stages() const;
  /// Tells classifiers apart by their content.
  std::string fingerprint() const;
};

/// Read and checked by rank 0, sent to the others. Of an ilastik project the configuration says the dialect
/// (features.structure_tensor), which the project does not record. Collective over `comm`.
/// \throws CollectiveError when it cannot be used, or when the configuration is about another one.
Classifier load_classifier(const Communicator& comm, const Config& config, const VolumeFacts& volume);

}  // namespace cleft
