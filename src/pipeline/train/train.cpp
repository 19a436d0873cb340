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
#include "base/recipe.hpp"
#include "base/text/counted.hpp"
#include "base/timer.hpp"
#include "config/resolve.hpp"
#include "forest/distributed/train_forest.hpp"
#include "forest/files/model_file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/run/block_memory.hpp"
#include "pipeline/train/distributed_samples.hpp"
#include "pipeline/train/strokes.hpp"
#include "pipeline/train/train_input.hpp"
#include "pipeline/train/train_recipe.hpp"
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

/// What a rank's memory leaves for working on boxes beside the samples of all labels: it holds them as the
/// rows that ranks compute and then as columns, and while trees are grown as columns and twice as ranks, of
/// which those of a sample fill whole cache lines (forest/train/ranked_channels.hpp). Collective.
RankResources resources_for(const Communicator& comm, const RunOptions& run, const TrainInput& input) {
  constexpr std::int64_t cache_line = 64;
  const auto labels = narrow<std::int64_t>(input.label_count());
  const std::int64_t samples =
      labels * narrow<std::int64_t>(sizeof(float)) * input.volumes.front().features->channel_count();
  BlockMemory memory = memory_for_blocks(comm, run.memory_per_rank);
  all_or_throw(comm, [&] {
    for (const TrainVolume& volume : input.volumes)
      memory = memory_beside_chunks(memory, volume.image.front());
  });
  return {memory.left - 3 * samples - labels * cache_line, run.threads_per_rank};
}

/// The samples of several volumes one after the other, channel by channel.
Samples joined(std::vector<Samples> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  Samples all;
  all.channel_count = parts.front().channel_count;
  all.class_count = parts.front().class_count;
  std::uint32_t strokes = 0;  // of the parts before
  for (const Samples& part : parts) {
    all.labels.insert(all.labels.end(), part.labels.begin(), part.labels.end());
    for (const std::uint32_t stroke : part.strokes) all.strokes.push_back(strokes + stroke);
    if (!part.strokes.empty()) strokes += *std::ranges::max_element(part.strokes) + 1;
    all.grey.add(part.grey);
  }
  all.values.reserve(all.labels.size() * to_size(all.channel_count));
  for (int c = 0; c < all.channel_count; ++c)
    for (const Samples& part : parts)
      all.values.insert(all.values.end(), part.channel(c).begin(), part.channel(c).end());
  return all;
}

/// The samples of all labels, volume by volume. Collective.
Samples samples_of(const Communicator& comm, const Config& config, const TrainInput& input,
                   const std::stop_token& stop) {
  const RankResources resources = resources_for(comm, config.run, input);
  std::vector<Samples> parts;
  for (const TrainVolume& volume : input.volumes) {
    parts.push_back(compute_samples(
        comm, {volume.image, *volume.features, volume.labels, narrow<int>(input.classes.size())}, resources,
        stop));
    all_or_throw(comm, [&] { parts.back().strokes = strokes_of(volume.labels); });
    const std::string name = to_string(volume.facts.path);
    const ValueRange& grey = parts.back().grey;
    if (comm.is_root() && grey.min == grey.max)
      log::warning("{}: every labelled voxel has the grey value {}; nothing can be learnt from it", name,
                   grey.min);
    all_or_throw(comm, [&] {
      check_samples(parts.back(), name, [&volume](std::size_t s) {
        const GlobalVoxel& v = volume.labels[s].voxel;
        return fmt::format("z {}, y {}, x {}", v.z, v.y, v.x);
      });
    });
  }
  Samples samples;
  all_or_throw(comm, [&] { samples = joined(std::move(parts)); });
  return samples;
}

/// What is known about a model besides its forest.
Model model_without_forest(const TrainInput& input) {
  Model model;
  model.classes = input.classes;
  model.features = input.selection;
  model.voxel_size = input.volumes.front().facts.voxel_size;
  return model;
}

}  // namespace

void run_train(const Communicator& comm, const Config& config, const TrainCommand& command) {
  const Timer timer;
  all_or_throw(comm, [&] {
    if (comm.is_root()) check_target(model_path(config));
  });
  const TrainInput input = prepare_training(comm, config);
  if (comm.is_root()) warn_without_foreground(config, input.classes);
  Model model = model_without_forest(input);
  nlohmann::json recipe = train_recipe(input, config.forest);
  const auto check_replaces = [&] {
    if (comm.is_root() && !command.force) check_replaces_same(model_path(config), model, recipe);
  };
  all_or_throw(comm, check_replaces);
  const Samples samples = samples_of(comm, config, input, command.stop);
  add_values(recipe, samples);
  all_or_throw(comm, check_replaces);
  log::info("training {} on {} with {}", counted(config.forest.trees, "tree"),
            counted(narrow<std::int64_t>(samples.count()), "labelled voxel"),
            counted(samples.channel_count, "feature"));
  TrainedTrees trained =
      train_forest(comm, samples, config.forest, config.run.threads_per_rank, command.stop);
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    model.forest = std::move(trained.forest);
    model.grey = GreyValues{to_string(input.volumes.front().facts.type), samples.grey};
    model.summary = summarise(samples, trained.out_of_bag);
    model.recipe = recipe_text(recipe);
    write_model(model_path(config), model);
    // Before the report: where both streams go to one terminal, this line must not end up inside it.
    log::info("trained in {:.1f} s; model written to {}", timer.seconds(), model_path(config).string());
    std::cout << training_report(model);
    if (input.model_of_labels) std::cout << comparison_report(model, *input.model_of_labels, samples);
    std::cout << std::flush;
  });
}

}  // namespace cleft
