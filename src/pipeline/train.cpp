#include "pipeline/train.hpp"

#include <iostream>
#include <optional>

#include <fmt/format.h>

#include "base/counted.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/output_folder.hpp"
#include "base/timer.hpp"
#include "config/resolve.hpp"
#include "features/feature_set.hpp"
#include "forest/model_file.hpp"
#include "io/h5_volume.hpp"
#include "io/labels.hpp"
#include "parallel/agree.hpp"
#include "pipeline/detect_jobs.hpp"
#include "pipeline/memory.hpp"
#include "pipeline/train_forest.hpp"
#include "pipeline/train_report.hpp"
#include "pipeline/train_samples.hpp"

namespace cleft {
namespace {

std::string labels_subject(const Config& config) {
  return config.labels.csv ? config.labels.csv->string() : to_string(labels_path(config));
}

/// Training takes long: what would make its end useless is said at its beginning. And what stands under the
/// model's name and is no model is somebody's data.
void check_target(const std::filesystem::path& model) {
  if (std::filesystem::is_directory(model))
    throw InputError({model.string(), "is a directory", "the name of a model file"});
  if (std::filesystem::exists(model) && !is_model_file(model))
    throw InputError(
        {model.string(), "is there already and is no model", "a new name, or a model to replace"});
  check_output_folder(model);
}

void check_labels(const std::vector<LabelledVoxel>& labels, const Config& config) {
  const std::string subject = labels_subject(config);
  if (labels.empty()) throw InputError({subject, "no voxel is labelled", "labels of every class"});
  std::vector<std::int64_t> counts(config.classes.size());
  for (const LabelledVoxel& label : labels) ++counts.at(label.label - std::size_t{1});
  constexpr std::int64_t few = 20;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] == 0)
      throw InputError({subject,
                        fmt::format("class '{}' (label {}) has no labelled voxel", config.classes[c], c + 1),
                        "labels of every class"});
    if (counts[c] < few)
      log::warning("{}: class '{}' has {}; a few hundred of each class are worth their while", subject,
                   config.classes[c], counted(counts[c], "labelled voxel"));
  }
}

/// Classes can be trained without a foreground among them, but not detected with.
void warn_without_foreground(const Config& config) {
  try {
    check_foreground(config);
  } catch (const ConfigError& error) {
    log::warning("{}; cleft detect will refuse it", error.what());
  }
}

/// Rank 0 reads and checks them. Collective.
std::vector<LabelledVoxel> read_labels(const Communicator& comm, const Config& config, const Extent& volume) {
  std::vector<LabelledVoxel> labels;
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    if (config.classes.size() < 2 || config.classes.size() > 255)
      throw ConfigError(
          {config.subject("classes"),
           fmt::format("{} class{}", config.classes.size(), config.classes.size() == 1 ? "" : "es"),
           "2 to 255"});
    check_target(model_path(config));
    warn_without_foreground(config);
    labels = config.labels.csv ? read_label_csv(*config.labels.csv, volume, config.classes)
                               : read_label_volume(VolumeReader(labels_path(config)), volume, config.classes);
    check_labels(labels, config);
  });
  return comm.broadcast(std::move(labels));
}

/// What a rank's memory leaves for working on boxes, when it has the samples of all labels as well: first as
/// the rows it computes, in the end as columns. Collective.
RankResources resources_for(const Communicator& comm, const RunOptions& run, std::size_t labels,
                            const FeatureSet& features) {
  const auto samples = static_cast<std::int64_t>(labels * sizeof(float)) * features.channel_count();
  return {memory_for_blocks(comm, run.memory_per_rank).left - 2 * samples, run.threads_per_rank};
}

/// The volume and the features it is asked for, as every rank opens them. What detect will refuse in this
/// volume or these settings is refused here: a model is trained to be used. Collective.
struct Input {
  Input(const Communicator& comm, const Config& config) {
    all_or_throw(comm, [&] {
      const VolumeFacts facts = look_at_volume(config);
      check_segment_settings(config, facts);
      volume.emplace(facts.path);
      voxel_size = facts.voxel_size;
      selection = feature_selection(config.features);
      features.emplace(selection, voxel_size);
      features->check_fits(volume->extent());
    });
  }

  std::optional<VolumeReader> volume;
  std::optional<VoxelSize> voxel_size;
  FeatureSelection selection;
  std::optional<FeatureSet> features;
};

}  // namespace

void run_train(const Communicator& comm, const Config& config) {
  const Timer timer;
  const Input input(comm, config);
  const std::vector<LabelledVoxel> labels = read_labels(comm, config, input.volume->extent());
  const Samples samples =
      compute_samples(comm, *input.volume, *input.features, labels, static_cast<int>(config.classes.size()),
                      resources_for(comm, config.run, labels.size(), *input.features));
  all_or_throw(comm, [&] {
    check_samples(samples, to_string(input.volume->path()), [&labels](std::size_t s) {
      const GlobalVoxel& v = labels[s].voxel;
      return fmt::format("z {}, y {}, x {}", v.z, v.y, v.x);
    });
  });
  TrainedTrees trained = train_forest(comm, samples, config.forest, config.run.threads_per_rank);
  // Before the report and not after it: where both streams go to one terminal, this line must not end up in
  // it.
  log::info("trained in {:.1f} s; writes {}", timer.seconds(), model_path(config).string());
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    Model model;
    model.forest = std::move(trained.forest);
    model.classes = config.classes;
    model.features = input.selection;
    model.voxel_size = input.voxel_size;
    model.grey = {to_string(input.volume->type()), samples.grey};
    model.summary = summarise(samples, trained.out_of_bag);
    write_model(model_path(config), model);
    std::cout << training_report(model) << std::flush;
  });
}

}  // namespace cleft
