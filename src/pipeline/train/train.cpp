#include "pipeline/train/train.hpp"

#include <algorithm>
#include <iostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/files/output_folder.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/timer.hpp"
#include "config/resolve.hpp"
#include "forest/distributed/train_forest.hpp"
#include "forest/files/model_file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/detect/detect_jobs.hpp"
#include "pipeline/run/memory.hpp"
#include "pipeline/train/train_input.hpp"
#include "pipeline/train/train_report.hpp"
#include "pipeline/train/train_samples.hpp"

namespace cleft {
namespace {

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

/// Classes can be trained without a foreground among them, but not detected with.
void warn_without_foreground(const Config& config, const std::vector<std::string>& classes) {
  const std::string& foreground = config.threshold.foreground;
  if (std::find(classes.begin(), classes.end(), foreground) == classes.end())
    log::warning("{}: is '{}'; expected one of classes: {}; cleft detect will refuse it",
                 config.subject("threshold.foreground"), foreground, fmt::join(classes, ", "));
}

/// What a rank's memory leaves for working on boxes, when it has the samples of all labels as well: first as
/// the rows it computes, in the end as columns. Collective.
RankResources resources_for(const Communicator& comm, const RunOptions& run, std::size_t labels,
                            const FeatureSet& features) {
  const auto samples = narrow<std::int64_t>(labels * sizeof(float)) * features.channel_count();
  return {memory_for_blocks(comm, run.memory_per_rank).left - 2 * samples, run.threads_per_rank};
}

}  // namespace

void run_train(const Communicator& comm, const Config& config) {
  const Timer timer;
  all_or_throw(comm, [&] {
    if (comm.is_root()) check_target(model_path(config));
  });
  const TrainInput input = prepare_training(comm, config);
  if (comm.is_root()) warn_without_foreground(config, input.classes);
  const Samples samples =
      compute_samples(comm, input.image, *input.features, input.labels, narrow<int>(input.classes.size()),
                      resources_for(comm, config.run, input.labels.size(), *input.features));
  all_or_throw(comm, [&] {
    check_samples(samples, to_string(input.volume.path), [&input](std::size_t s) {
      const GlobalVoxel& v = input.labels[s].voxel;
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
    model.classes = input.classes;
    model.features = input.selection;
    model.voxel_size = input.volume.voxel_size;
    model.grey = GreyValues{to_string(input.volume.type), samples.grey};
    model.summary = summarise(samples, trained.out_of_bag);
    write_model(model_path(config), model);
    std::cout << training_report(model);
    if (input.model_of_labels) std::cout << comparison_report(model, *input.model_of_labels, samples);
    std::cout << std::flush;
  });
}

}  // namespace cleft
