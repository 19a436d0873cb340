#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "features/set/feature_set.hpp"
#include "forest/model.hpp"
#include "pipeline/run/volume_facts.hpp"
#include "probability/classify_block.hpp"

namespace cleft {

/// What `model` of the configuration stands for, at the volume's voxel size: a model file, or the one or two
/// stages of an ilastik project. Copies share the models and the features, and so do the stages that are made
/// from one: it may be replaced while another thread still classifies with those.
struct Classifier {
  std::vector<std::shared_ptr<const Model>> models;         ///< [stage]
  std::vector<std::shared_ptr<const FeatureSet>> features;  ///< [stage]

  std::vector<ClassifierStage> stages() const;
  /// The names of the classes that the last stage tells apart.
  /// \pre There is a stage.
  const std::vector<std::string>& classes() const { return models.back()->classes; }
  /// Tells classifiers apart by their content.
  std::string fingerprint() const;
};

/// Reads the models that the configuration names and checks that they may be used as it asks. Of an ilastik
/// project the configuration says the dialect (features.structure_tensor), which the project does not record.
/// Where the foreground alone is to be stored, the last model's forest is narrowed to it
/// (forest/narrowed_forest.hpp) and the whole one freed; its checksum stays that of the whole model. Not
/// collective.
///
/// \param volume  Extent of the volume: decides which of a project's filters work in 2D.
/// \throws InputError when the file is missing, damaged or neither a model nor a trained project; ConfigError
///         when the configuration is about another one; IoError when it cannot be read.
std::vector<Model> load_models(const Config& config, const Extent& volume);

/// The classifier of some models at a volume's voxel size. Not collective.
/// \throws as features_as_trained
Classifier make_classifier(const Config& config, std::vector<Model> models, const VolumeFacts& volume);

/// Both, for a process without other ranks. Not collective.
/// \throws as load_models and make_classifier
Classifier load_classifier(const Config& config, const VolumeFacts& volume);

}  // namespace cleft
