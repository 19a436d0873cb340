#include "pipeline/run/classifier.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "config/resolve.hpp"
#include "forest/files/model_file.hpp"
#include "forest/narrowed_forest.hpp"
#include "ilastik/project.hpp"
#include "pipeline/run/check_model.hpp"
#include "pipeline/run/project_dialect.hpp"

namespace cleft {
namespace {

std::vector<Model> models_of_project(const Config& config, const std::filesystem::path& path,
                                     const Extent& volume) {
  if (const auto key = stated_feature_key(config))
    throw ConfigError({config.subject(*key),
                       "is stated beside an ilastik project, which has its own features",
                       std::string("only ") + dialect_key});
  const IlastikProject project = read_ilastik_project(path);
  const FilterDialect dialect = dialect_for(config, project);
  std::vector<Model> models;
  for (std::size_t stage = 0; stage < project.stages.size(); ++stage)
    models.push_back(model_of_stage(project, stage, dialect, volume));
  if (models.size() == 2) {
    const auto expected = models[0].features.image_channels + narrow<int>(models[0].classes.size());
    if (models[1].features.image_channels != expected)
      throw InputError(
          {path.string(),
           fmt::format("its second stage works on {} channels", models[1].features.image_channels),
           fmt::format("{}: the image's and one for each class of the first", expected)});
  }
  check_classes_are_meant(config, models.back().classes, path.string());
  return models;
}

/// Of the last stage, whose other classes are not asked for, where the foreground's probability alone is
/// stored. A foreground that is no class is refused where it is needed.
void narrow_to_foreground(const Config& config, Model& last) {
  if (config.predict.classes != StoredClasses::foreground) return;
  const auto found = std::find(last.classes.begin(), last.classes.end(), config.threshold.foreground);
  if (found == last.classes.end()) return;
  const std::array foreground{to_size(found - last.classes.begin())};
  last.forest = narrowed_to(last.forest, foreground);
}

/// Distinguishes "not a model or project at all" from "a damaged one", which reading it finds.
void check_is_model(const std::filesystem::path& path) {
  if (std::filesystem::is_regular_file(path) && !is_model_file(path))
    throw InputError({path.string(), "is neither a model of cleft nor a whole project of ilastik",
                      "a model file or an ilastik project (.ilp)"});
}

}  // namespace

std::vector<ClassifierStage> Classifier::stages() const {
  std::vector<ClassifierStage> stages;
  // A stage's forest is a part of its model and keeps all of it.
  for (std::size_t s = 0; s < models.size(); ++s)
    stages.emplace_back(features[s], std::shared_ptr<const Forest>(models[s], &models[s]->forest));
  return stages;
}

std::string Classifier::fingerprint() const {
  std::vector<std::string> checksums;
  for (const auto& model : models) checksums.push_back(fmt::format("{:016x}", model->checksum));
  return fmt::format("{}", fmt::join(checksums, "-"));
}

std::vector<Model> load_models(const Config& config, const Extent& volume) {
  const auto path = model_path(config);
  check_is_there(config, "model", path, "a model that cleft train made, or an ilastik project (.ilp)");
  std::vector<Model> models;
  if (is_ilastik_project(path)) {
    models = models_of_project(config, path, volume);
  } else {
    check_is_model(path);
    models.push_back(read_model(path));
    check_model_is_meant(config, models.front());
  }
  narrow_to_foreground(config, models.back());
  return models;
}

Classifier make_classifier(const Config& config, std::vector<Model> models, const VolumeFacts& volume) {
  Classifier classifier;
  check_type_is_accepted(config, models.front(), volume);
  for (Model& model : models) {
    classifier.features.push_back(
        std::make_shared<const FeatureSet>(features_as_trained(config, model, volume.voxel_size)));
    classifier.models.push_back(std::make_shared<const Model>(std::move(model)));
  }
  return classifier;
}

Classifier load_classifier(const Config& config, const VolumeFacts& volume) {
  return make_classifier(config, load_models(config, volume.extent), volume);
}

}  // namespace cleft
