#include "pipeline/train/train_input.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "config/resolve.hpp"
#include "ilastik/labels.hpp"
#include "io/volume/label_csv.hpp"
#include "parallel/agree.hpp"
#include "parallel/serialize.hpp"
#include "pipeline/run/block_memory.hpp"
#include "pipeline/run/check_model.hpp"
#include "pipeline/run/open_channels.hpp"
#include "pipeline/run/project_dialect.hpp"
#include "pipeline/run/segment_settings.hpp"

namespace cleft {
namespace {

std::string labels_subject(const Config& config) {
  if (config.labels.project) return config.labels.project->string();
  return config.labels.csv ? config.labels.csv->string() : to_string(labels_path(config));
}

void check_classes(const Config& config, const std::vector<std::string>& classes) {
  if (classes.size() < 2 || classes.size() > 255)
    throw ConfigError({config.subject("classes"),
                       fmt::format("{} class{}", classes.size(), classes.size() == 1 ? "" : "es"),
                       "2 to 255"});
}

void check_labels(const std::vector<LabelledVoxel>& labels, const std::vector<std::string>& classes,
                  const std::string& subject) {
  if (labels.empty()) throw InputError({subject, "no voxel is labelled", "labels of every class"});
  std::vector<std::int64_t> counts(classes.size());
  for (const LabelledVoxel& label : labels) ++counts.at(label.label - std::size_t{1});
  constexpr std::int64_t few = 20;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] == 0)
      throw InputError({subject,
                        fmt::format("class '{}' (label {}) has no labelled voxel", classes[c], c + 1),
                        "labels of every class"});
    if (counts[c] < few)
      log::warning("{}: class '{}' has {}; a few hundred of each class are worth their while", subject,
                   classes[c], counted(counts[c], "labelled voxel"));
  }
}

/// The number of channels that the volume has.
int channel_count(const VolumeFacts& volume) {
  return narrow<int>(VolumeReader(volume.path, 0).channel_count());
}

/// What rank 0 reads for all ranks.
struct Plan {
  std::vector<std::string> classes;
  FeatureSelection selection;
  std::vector<LabelledVoxel> labels;
  std::optional<Model> model_of_labels;
};

/// The project's own classifier, if its channels are the ones asked for.
std::optional<Model> model_to_compare(const IlastikProject& project, FilterDialect dialect,
                                      const Extent& volume, const FeatureSelection& selection) {
  if (!project.stages.front().forest) return std::nullopt;
  try {
    Model stored = model_of_stage(project, 0, dialect, volume);
    if (stored.features == selection) return stored;
    log::info("{}: its own classifier has other features; it is not compared", project.path.string());
  } catch (const InputError& error) {  // such as features that were selected anew since it was trained
    log::info("{}; it is not compared", error.what());
  }
  return std::nullopt;
}

Plan plan_from_project(const Config& config, const VolumeFacts& volume) {
  const IlastikProject project = read_ilastik_project(*config.labels.project);
  Plan plan;
  for (const IlastikClass& c : project.stages.front().classes) plan.classes.push_back(c.name);
  check_classes_are_meant(config, plan.classes, project.path.string());
  check_classes(config, plan.classes);
  const FilterDialect dialect = dialect_for(config, project);
  plan.selection = stated_feature_key(config) ? feature_selection(config.features)
                                              : selection_of_stage(project, 0, dialect, volume.extent);
  plan.selection.image_channels = channel_count(volume);
  plan.labels =
      read_project_labels(project, image_of_volume(project, volume.path.file), volume.extent, plan.classes);
  plan.model_of_labels = model_to_compare(project, dialect, volume.extent, plan.selection);
  return plan;
}

Plan plan_from_configuration(const Config& config, const VolumeFacts& volume) {
  Plan plan;
  plan.classes = config.classes;
  check_classes(config, plan.classes);
  plan.selection = feature_selection(config.features);
  plan.selection.image_channels = channel_count(volume);
  if (config.labels.csv) {
    plan.labels = read_label_csv(*config.labels.csv, volume.extent, plan.classes);
    return plan;
  }
  const VolumeReader labels(labels_path(config));
  memory_beside_chunks({config.run.memory_per_rank, config.run.memory_per_rank}, labels);
  plan.labels = read_label_volume(labels, volume.extent, plan.classes);
  return plan;
}

}  // namespace

TrainInput prepare_training(const Communicator& comm, const Config& config) {
  TrainInput input;
  Plan plan;
  all_or_throw(comm, [&] {
    input.volume = look_at_volume(config);
    // Refuse what detect would refuse: a model is trained to be used.
    segment_settings(config, input.volume);
    if (!comm.is_root()) return;
    const std::string made_up = VolumeReader(input.volume.path, 0).source().check_complete();
    if (!made_up.empty())
      log::warning("{}: {}; it is taken as background, as told", to_string(input.volume.path), made_up);
    plan = config.labels.project ? plan_from_project(config, input.volume)
                                 : plan_from_configuration(config, input.volume);
    check_labels(plan.labels, plan.classes, labels_subject(config));
  });
  input.model_of_labels = std::move(plan.model_of_labels);
  input.classes = broadcast_archive(comm, std::move(plan.classes));
  input.selection = broadcast_archive(comm, std::move(plan.selection));
  input.labels = comm.broadcast(std::move(plan.labels));
  all_or_throw(comm, [&] {
    input.features.emplace(input.selection, input.volume.voxel_size);
    input.features->check_fits(input.volume.extent);
    input.image = open_channels(input.volume.path, input.selection.image_channels);
  });
  return input;
}

}  // namespace cleft
