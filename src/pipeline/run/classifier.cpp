#include "pipeline/run/classifier.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "config/resolve.hpp"
#include "forest/files/model_file.hpp"
#include "ilastik/project.hpp"
#include "parallel/agree.hpp"
#include "parallel/serialize.hpp"
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
  const StructureTensor dialect = dialect_for(config, project);
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

/// What is neither is told apart from what is damaged.
void check_is_classifier(const std::filesystem::path& path) {
  if (std::filesystem::is_regular_file(path) && !is_model_file(path))
    throw InputError({path.string(), "is neither a model of cleft nor a whole project of ilastik",
                      "a model file or an ilastik project (.ilp)"});
}

}  // namespace

std::vector<ClassifierStage> Classifier::stages() const {
  std::vector<ClassifierStage> stages;
  for (std::size_t s = 0; s < models.size(); ++s) stages.emplace_back(&features[s], &models[s].forest);
  return stages;
}

std::string Classifier::fingerprint() const {
  std::vector<std::string> checksums;
  for (const Model& model : models) checksums.push_back(fmt::format("{:016x}", model.checksum));
  return fmt::format("{}", fmt::join(checksums, "-"));
}

Classifier load_classifier(const Communicator& comm, const Config& config, const VolumeFacts& volume) {
  Classifier classifier;
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    const auto path = model_path(config);
    if (is_ilastik_project(path)) {
      classifier.models = models_of_project(config, path, volume.extent);
    } else {
      check_is_classifier(path);
      classifier.models = {read_model(path)};
      check_model_is_meant(config, classifier.models.front());
    }
  });
  classifier.models = broadcast_archive(comm, std::move(classifier.models));
  all_or_throw(comm, [&] {
    for (const Model& model : classifier.models)
      classifier.features.push_back(features_as_trained(config, model, volume.voxel_size));
  });
  return classifier;
}

}  // namespace cleft
