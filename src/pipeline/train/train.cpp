#include "pipeline/train/train.hpp"

#include <algorithm>
#include <iostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/files/output_folder.hpp"
#include "base/files/replace.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/stopped.hpp"
#include "base/timer.hpp"
#include "config/resolve.hpp"
#include "forest/distributed/train_forest.hpp"
#include "forest/files/model_file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/run/block_memory.hpp"
#include "pipeline/train/distributed_samples.hpp"
#include "pipeline/train/train_input.hpp"
#include "pipeline/train/train_report.hpp"

namespace cleft {
namespace {

/// Fails before the long computation if the result could not be saved. A file that is not a model is never
/// replaced: it is somebody's data.
void check_target(const std::filesystem::path& model) {
  if (std::filesystem::is_directory(model))
    throw InputError({model.string(), "is a directory", "the name of a model file"});
  check_replaces_only(model, "model", is_model_file);
  check_output_folder(model);
}

/// Classes can be trained without a foreground among them, but not detected with.
void warn_without_foreground(const Config& config, const std::vector<std::string>& classes) {
  const std::string& foreground = config.threshold.foreground;
  if (std::find(classes.begin(), classes.end(), foreground) == classes.end())
    log::warning("{}: is '{}'; expected one of classes: {}; cleft detect will refuse it",
                 config.subject("threshold.foreground"), foreground, fmt::join(classes, ", "));
}

/// What a rank's memory leaves for working on boxes beside the samples of all labels, which it holds twice:
/// as the rows that ranks compute, and then as columns. Collective.
RankResources resources_for(const Communicator& comm, const RunOptions& run, const TrainInput& input) {
  const auto samples =
      narrow<std::int64_t>(input.labels.size() * sizeof(float)) * input.features->channel_count();
  BlockMemory memory = memory_for_blocks(comm, run.memory_per_rank);
  all_or_throw(comm, [&] { memory = memory_beside_chunks(memory, input.image.front()); });
  return {memory.left - 2 * samples, run.threads_per_rank};
}

}  // namespace

void run_train(const Communicator& comm, const Config& config, const std::stop_token& stop) {
  const Timer timer;
  all_or_throw(comm, [&] {
    if (comm.is_root()) check_target(model_path(config));
  });
  const TrainInput input = prepare_training(comm, config);
  if (comm.is_root()) warn_without_foreground(config, input.classes);
  const Samples samples =
      compute_samples(comm, {input.image, *input.features, input.labels, narrow<int>(input.classes.size())},
                      resources_for(comm, config.run, input), stop);
  all_or_throw(comm, [&] { throw_if_stopped(stop); });
  all_or_throw(comm, [&] {
    check_samples(samples, to_string(input.volume.path), [&input](std::size_t s) {
      const GlobalVoxel& v = input.labels[s].voxel;
      return fmt::format("z {}, y {}, x {}", v.z, v.y, v.x);
    });
  });
  TrainedTrees trained = train_forest(comm, samples, config.forest, config.run.threads_per_rank);
  // Before the report: where both streams go to one terminal, this line must not end up inside it.
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
