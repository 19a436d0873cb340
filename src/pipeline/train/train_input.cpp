#include "pipeline/train/train_input.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "parallel/agree.hpp"
#include "parallel/serialize.hpp"
#include "pipeline/run/check_model.hpp"
#include "pipeline/run/open_channels.hpp"
#include "pipeline/run/project_dialect.hpp"
#include "pipeline/run/segment_settings.hpp"
#include "pipeline/train/labelled_parts.hpp"
#include "pipeline/train/train_labels.hpp"

namespace cleft {
namespace {

void check_classes(const Config& config, const std::vector<std::string>& classes) {
  if (classes.size() < 2 || classes.size() > 255)
    throw ConfigError({config.subject("classes"),
                       fmt::format("{} class{}", classes.size(), classes.size() == 1 ? "" : "es"),
                       "2 to 255"});
}

/// The number of channels that the volume has.
int channel_count(const VolumeFacts& volume) {
  return narrow<int>(VolumeReader(volume.path, 0).channel_count());
}

/// What rank 0 reads for all ranks.
struct Plan {
  std::vector<std::string> classes;
  FeatureSelection selection;
  std::vector<std::vector<LabelledVoxel>> labels;  // [volume]
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

/// Takes what a project says of classes and features; of several, the first one, with which the others must
/// agree.
class ProjectChoices {
 public:
  explicit ProjectChoices(const Config& config) : config_(config) {}

  void add(const LabelledPart& part, const IlastikProject& project) {
    std::vector<std::string> classes;
    for (const IlastikClass& c : project.stages.front().classes) classes.push_back(c.name);
    check_classes_are_meant(config_, classes, project.path.string());
    if (first_.empty()) classes_ = classes;
    if (classes != classes_)
      throw InputError({project.path.string(), fmt::format("has the labels {}", fmt::join(classes, ", ")),
                        fmt::format("those of {}: {}", first_, fmt::join(classes_, ", "))});
    const FilterDialect dialect = dialect_for(config_, project);
    if (!stated_feature_key(config_)) {
      const auto selection = selection_of_stage(project, 0, dialect, part.volume.extent);
      if (first_.empty()) selection_ = selection;
      if (selection != selection_)
        throw InputError({project.path.string(), "has other features selected than " + first_,
                          "the same, or features stated in the configuration"});
    }
    if (first_.empty()) first_ = project.path.string();
  }
  /// What the projects say, or else the configuration.
  std::vector<std::string> classes() const { return first_.empty() ? config_.classes : classes_; }
  FeatureSelection selection() const {
    return selection_ ? *selection_ : feature_selection(config_.features);
  }

 private:
  const Config& config_;
  std::string first_;
  std::vector<std::string> classes_;
  std::optional<FeatureSelection> selection_;
};

Plan make_plan(const Config& config, const std::vector<LabelledPart>& parts) {
  ProjectChoices choices(config);
  for (const LabelledPart& part : parts)
    if (part.project) choices.add(part, *part.project);
  Plan plan;
  plan.classes = choices.classes();
  check_classes(config, plan.classes);
  plan.selection = choices.selection();
  plan.selection.image_channels = channel_count(parts.front().volume);
  plan.labels = labels_of(parts, plan.classes);
  check_labelled_once(parts, plan.labels);
  check_labels(parts, plan.labels, plan.classes,
               parts.size() == 1 ? labels_subject(parts.front().config) : config.subject("labels"));
  if (parts.size() == 1 && parts.front().project)
    plan.model_of_labels = model_to_compare(*parts.front().project, config.features.dialect,
                                            parts.front().volume.extent, plan.selection);
  return plan;
}

/// Training does not threshold, and the model may be meant for another volume. Whoever wants to detect in
/// this one should still know before hours of training that its thresholds cannot be used, such as those in
/// nm without a voxel size.
void warn_of_thresholds(const Config& config, const LabelledPart& part) {
  if (part.config.volume.source.path != config.volume.source.path) return;
  try {
    segment_settings(part.config, part.volume);
  } catch (const ConfigError& error) {
    log::warning("{}; train does not need it, but detect will refuse it on {}", error.what(),
                 to_string(part.volume.path));
  }
}

/// Checks that volumes have samples that one forest can be trained on.
void check_volumes_agree(const std::vector<LabelledPart>& parts) {
  const VolumeFacts& first = parts.front().volume;
  for (const LabelledPart& part : parts) {
    const VolumeFacts& volume = part.volume;
    if (volume.type != first.type)
      throw InputError({to_string(volume.path),
                        fmt::format("holds {} values, but {} holds {}", to_string(volume.type),
                                    to_string(first.path), to_string(first.type)),
                        "volumes of one type for one model"});
    if (channel_count(volume) != channel_count(first))
      throw InputError({to_string(volume.path),
                        fmt::format("has {}, but {} has {}", counted(channel_count(volume), "channel"),
                                    to_string(first.path), channel_count(first)),
                        "volumes with the same channels for one model"});
    if (volume.voxel_size && first.voxel_size && !alike(*volume.voxel_size, *first.voxel_size))
      log::warning("{}: has voxels of {}, but {} of {}; one model learns from both", to_string(volume.path),
                   to_string(*volume.voxel_size), to_string(first.path), to_string(*first.voxel_size));
  }
}

/// Checks that scales in nm filter the same axes in all volumes, so that channels mean the same.
void check_features_agree(const std::vector<TrainVolume>& volumes) {
  const TrainVolume& first = volumes.front();
  for (const TrainVolume& volume : volumes)
    if (const auto sigma = scale_of_other_axes(*volume.features, *first.features))
      throw ConfigError({to_string(volume.facts.path),
                         fmt::format("scale {}nm filters other axes at its voxels of {} than at the {} of {}",
                                     *sigma, to_string(*volume.facts.voxel_size),
                                     to_string(*first.facts.voxel_size), to_string(first.facts.path)),
                         "volumes of about the same voxel size for one model"});
}

/// A line for each volume where there are several.
void tell_of_volumes(const std::vector<TrainVolume>& volumes, const std::vector<std::string>& classes) {
  if (volumes.size() < 2) return;
  for (const TrainVolume& volume : volumes) {
    std::vector<std::int64_t> counts(classes.size());
    for (const LabelledVoxel& label : volume.labels) ++counts.at(label.label - std::size_t{1});
    std::vector<std::string> of_classes;
    for (std::size_t c = 0; c < classes.size(); ++c)
      of_classes.push_back(fmt::format("{} {}", classes[c], counts[c]));
    log::info("{}: {} ({})", to_string(volume.facts.path),
              counted(narrow<std::int64_t>(volume.labels.size()), "labelled voxel"),
              fmt::join(of_classes, ", "));
  }
}

}  // namespace

std::size_t TrainInput::label_count() const {
  std::size_t count = 0;
  for (const TrainVolume& volume : volumes) count += volume.labels.size();
  return count;
}

TrainInput prepare_training(const Communicator& comm, const Config& config) {
  TrainInput input;
  Plan plan;
  all_or_throw(comm, [&] {
    std::vector<LabelledPart> parts = look_at_labelled_volumes(config);
    input.volumes.resize(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) input.volumes[i].facts = parts[i].volume;
    if (!comm.is_root()) return;
    check_volumes_agree(parts);
    read_projects(parts);
    plan = make_plan(config, parts);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const VolumeFacts& volume = parts[i].volume;
      check_complete(VolumeReader(volume.path, 0));
      warn_outside_mask(parts[i], plan.labels[i]);
      warn_of_thresholds(config, parts[i]);
      for (const std::string& line : doubts_about(volume))
        log::warning("{}: {}", to_string(volume.path), line);
    }
  });
  input.model_of_labels = std::move(plan.model_of_labels);
  input.classes = broadcast_archive(comm, std::move(plan.classes));
  input.selection = broadcast_archive(comm, std::move(plan.selection));
  plan.labels.resize(input.volumes.size());
  for (std::size_t i = 0; i < input.volumes.size(); ++i)
    input.volumes[i].labels = comm.broadcast(std::move(plan.labels[i]));
  all_or_throw(comm, [&] {
    for (TrainVolume& volume : input.volumes) {
      volume.features.emplace(input.selection, volume.facts.voxel_size);
      volume.features->check_fits(volume.facts.extent);
      volume.image = open_channels(volume.facts.path, input.selection.image_channels);
    }
    check_features_agree(input.volumes);
  });
  tell_of_volumes(input.volumes, input.classes);
  return input;
}

}  // namespace cleft
