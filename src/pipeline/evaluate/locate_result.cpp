#include "pipeline/evaluate/locate_result.hpp"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files/is_there.hpp"
#include "base/log.hpp"
#include "config/load.hpp"
#include "config/resolve.hpp"
#include "io/volume/open_volume.hpp"
#include "objects/files/synapse_file.hpp"
#include "pipeline/detect/detect_jobs.hpp"
#include "pipeline/detect/earlier_labels.hpp"
#include "pipeline/detect/input_identity.hpp"
#include "pipeline/evaluate/result_recipe.hpp"
#include "pipeline/run/run_files.hpp"
#include "pipeline/run/volume_mask.hpp"
#include "probability/files/stored_probability.hpp"

namespace cleft {
namespace {

/// A run's configuration, or why there is none.
struct RunConfiguration {
  std::optional<Config> config;
  std::string problem;
};

RunConfiguration configuration_of(const RunFiles& files) {
  try {
    return {load_config(files.configuration), ""};
  } catch (const Error& error) {
    return {std::nullopt, error.what()};
  }
}

/// The path with this dataset, where it names none and the file has it.
VolumePath with_usual_dataset(VolumePath path, const std::string& usual) {
  if (!path.dataset.empty()) return path;
  VolumePath there{path.file, usual};
  try {
    summarize_datasets(there, 1);
    return there;
  } catch (const InputError&) {  // it has others, or is not there: that comes out when it is opened
    return path;
  }
}

[[noreturn]] void refuse_mask(const RunFiles& files, const std::string& found) {
  throw InputError({files.directory.string(), "was made in a mask, and " + found,
                    "the mask, or --without-mask to judge everything"});
}

/// The mask that a configuration leads to: its own, or that of the project that is its model.
ProjectMask mask_named(const Config& config) {
  if (auto path = mask_path(config)) return {std::move(path), ""};
  if (!config.model || !is_ilastik_project(*config.model)) return {};
  return mask_of_project(read_ilastik_project(*config.model), look_at_volume(config));
}

/// In what a mask differs from the recorded one, in words; empty where it does not.
std::string difference_from(const RecordedMask& recorded, const VolumePath& mask) {
  nlohmann::json as_now = recorded.as_stored;
  as_now[0] = identify_input(mask).fingerprint;
  const nlohmann::json stored{{"mask", recorded.as_stored}}, now{{"mask", as_now}};
  const auto words =
      differences_in_words(stored, go_on_with(stored, now, {}, mask, OtherInput::refuse).recipe);
  return words.empty() ? "" : words.front();
}

/// The mask that a run's file says it was made in.
PlacedMask recorded_mask(const RunFiles& files, const RecordedMask& recorded, const RunConfiguration& run,
                         RunMask which) {
  if (!run.config) refuse_mask(files, fmt::format("its configuration cannot be read ({})", run.problem));
  ProjectMask named;
  std::string difference;
  try {
    named = mask_named(*run.config);
    if (named.path) {
      named.path->dataset = recorded.dataset;
      named.path->options.axes = recorded.axes;
      difference = difference_from(recorded, *named.path);
    }
  } catch (const Error& error) {
    refuse_mask(files, fmt::format("that cannot be used ({})", error.what()));
  }
  if (!named.path)
    refuse_mask(files, named.problem.empty() ? files.configuration.string() + " names none"
                                             : run.config->model->string() + " " + named.problem);
  if (difference.empty()) return {*named.path, recorded.begin};
  if (which == RunMask::made_in)
    throw InputError(
        {to_string(*named.path),
         fmt::format("is not what {} was made in: another {}", files.directory.string(), difference),
         "that mask, --accept-mask to judge in this one, or --without-mask to judge everything"});
  log::warning("{}: is not what {} was made in: another {}; accepted, as told", to_string(*named.path),
               files.directory.string(), difference);
  return {*named.path, recorded.begin};
}

/// The configuration's mask, of labels that do not say how they were made.
std::optional<PlacedMask> unrecorded_mask(const RunFiles& files, const RunConfiguration& run) {
  if (!run.config || !run.config->volume.mask.path) return std::nullopt;
  log::warning("{}: does not say in which mask it was made; that of {} is taken", files.synapses.string(),
               files.configuration.string());
  try {
    return mask_of_config(*run.config, look_at_volume(*run.config));
  } catch (const Error& error) {
    refuse_mask(files, fmt::format("that cannot be used ({})", error.what()));
  }
}

std::optional<PlacedMask> mask_of_run(const RunFiles& files, const std::optional<ResultRecipe>& recipe,
                                      const RunConfiguration& run, RunMask which) {
  if (!recipe) return unrecorded_mask(files, run);
  if (recipe->mask) return recorded_mask(files, *recipe->mask, run, which);
  if (run.config && run.config->volume.mask.path)
    log::warning("{}: names a mask, but {} was made without one: everything is judged",
                 files.configuration.string(), files.synapses.string());
  return std::nullopt;
}

void tell_of_box(const std::string& labels, const GlobalVoxel& begin) {
  if (begin == GlobalVoxel{}) return;
  log::info(
      "{}: is of volume.box: sections and voxels count from its own first one, z {}, y {}, x {} of the "
      "volume",
      labels, begin.z, begin.y, begin.x);
}

/// Refuses labels that are not what detect wrote. Somebody else's, and those of 0.1.0, have no checksum.
void check_is_whole(const std::filesystem::path& synapses) {
  std::string why;
  if (!begins_as_synapse_file(synapses) || check_synapse_file(synapses, &why) != Soundness::damaged) return;
  throw InputError({synapses.string(), "is damaged: " + why, "what cleft detect wrote; it makes it again"});
}

/// Refuses a probability beside the labels of a run that is damaged, or that they were not made of.
void check_is_of_run(const RunFiles& files) {
  const auto of_labels = probability_of_labels(files);
  if (!of_labels) return;
  std::error_code unknown;
  if (std::filesystem::file_size(files.probability, unknown) <= max_bytes_always_checked) {
    const BlocksDone sound = count_sound_blocks(files.probability);
    if (sound.done < sound.all)
      throw InputError({files.probability.string(),
                        fmt::format("is damaged in {} of {} blocks", sound.all - sound.done, sound.all),
                        "what cleft detect wrote; it makes it again"});
  }
  const auto words = differences_of_probability(read_probability_recipe(files.probability), *of_labels);
  if (words.empty()) return;
  throw InputError(
      {files.probability.string(),
       fmt::format("was made from another {} than {}", fmt::join(words, ", "), files.synapses.string()),
       "the probability that the labels were made of"});
}

void take_run(EvaluateOptions& options, const RunFiles& files, RunMask which) {
  options.labels = files.label_volume();
  if (!options.probability && is_there(files.probability)) options.probability = files.probability_volume();
  if (!is_there(files.synapses)) return;  // that comes out when they are opened
  check_is_whole(files.synapses);
  if (options.probability && options.probability->file == files.probability) check_is_of_run(files);
  const auto recipe = read_result_recipe(files.synapses);
  const RunConfiguration run = configuration_of(files);
  if (recipe) options.labels_begin = recipe->begin;
  tell_of_box(to_string(options.labels), options.labels_begin);
  if (which != RunMask::nowhere) options.mask = mask_of_run(files, recipe, run, which);
  if (run.config && !options.truth_class) options.truth_class = run.config->threshold.foreground;
  if (options.voxel_size || !run.config) return;
  const VolumeOptions& volume = run.config->volume;
  if (volume.voxel_size && volume.trust == Trust::config)
    options.voxel_size = StatedVoxelSize{*volume.voxel_size, run.config->subject("volume.voxel_size_nm")};
}

void take_label_volume(EvaluateOptions& options, const std::string& path, RunMask which) {
  options.labels = with_usual_dataset(VolumePath::parse(path), labels_dataset);
  if (options.labels.dataset == probability_dataset)
    throw InputError({to_string(options.labels), "holds probabilities",
                      "labels, such as a run directory or its synapses.h5 (--probability names these)"});
  if (options.labels.dataset != labels_dataset || !is_there(options.labels.file)) return;
  check_is_whole(options.labels.file);
  const auto recipe = read_result_recipe(options.labels.file);
  if (!recipe) return;
  options.labels_begin = recipe->begin;
  tell_of_box(to_string(options.labels), options.labels_begin);
  if (recipe->mask && which != RunMask::nowhere)
    log::warning(
        "{}: was made in a mask; everything is judged (name the run directory to judge what was searched, or "
        "--without-mask)",
        to_string(options.labels));
}

}  // namespace

void locate_result(EvaluateOptions& options, const std::string& result, RunMask mask) {
  if (options.probability)
    options.probability = with_usual_dataset(std::move(*options.probability), probability_dataset);
  std::error_code unknown;  // a circle of links is refused where it is opened
  if (std::filesystem::is_directory(result, unknown))
    take_run(options, RunFiles(result), mask);
  else
    take_label_volume(options, result, mask);
}

}  // namespace cleft
