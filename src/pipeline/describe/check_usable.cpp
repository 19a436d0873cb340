#include "pipeline/describe/check_usable.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/is_there.hpp"
#include "base/files/output_folder.hpp"
#include "config/resolve.hpp"
#include "io/volume/stated_classes.hpp"
#include "io/volume/volume_reader.hpp"
#include "pipeline/run/classifier.hpp"
#include "pipeline/run/segment_settings.hpp"
#include "pipeline/run/volume_facts.hpp"
#include "pipeline/run/volume_mask.hpp"
#include "pipeline/train/point_labels.hpp"

namespace cleft {
namespace {

/// What `check` throws, if anything.
template <class Check>
std::optional<Error> failure_of_check(const Check& check) {
  try {
    check();
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

/// \param classes  Of the configuration, where it is what says them.
void check_label_volume(const Config& config, const VolumeFacts& volume,
                        const std::optional<std::vector<std::string>>& classes) {
  check_is_there(config, "labels.path", labels_path(config).file, "an HDF5 file of labels");
  const VolumeReader labels(labels_path(config));
  begin_in_dataset(config, volume, labels, config.labels.begin, "labels");
  if (classes) check_stated_classes(labels, *classes);
}

void check_labels(const Config& config) {
  if (!has_labels(config))
    throw ConfigError({config.subject("labels"), "not given",
                       "labels.path, labels.csv, labels.points or labels.project, which train learns from"});
  const auto labelled = for_each_labelled_volume(config);
  std::optional<std::vector<std::string>> classes = config.classes;
  for (const Config& one : labelled)
    if (one.labels.project) classes.reset();  // a project says them
  for (const Config& one : labelled) {
    const VolumeFacts volume = look_at_volume(one);
    if (one.labels.project) {
      check_is_there(one, "labels.project", *one.labels.project, "an ilastik project");
    } else if (one.labels.csv) {
      check_is_there(one, "labels.csv", *one.labels.csv, "a CSV file of labels");
    } else if (one.labels.points) {
      check_is_there(one, "labels.points", *one.labels.points, "a CSV file of points");
      if (classes) balls_of_points(one, volume, *classes, one.labels.begin.value_or(Extent{}));
    } else {
      check_label_volume(one, volume, classes);
    }
  }
}

/// What train needs.
void check_train(const Config& config) {
  check_output_folder(model_path(config));
  check_labels(config);
}

/// Detect makes the run directory itself, in a folder that is there.
void check_run_directory(const Config& config) {
  std::filesystem::path directory = config.run.directory;
  if (!directory.has_filename()) directory = directory.parent_path();  // "results/"
  std::error_code unknown;
  if (std::filesystem::is_directory(directory, unknown)) return;
  const std::string subject = config.subject("run.directory") + ": " + directory.string();
  if (is_there(directory))
    throw InputError({subject, "is a file", "a directory, or a name that nothing has yet"});
  if (!std::filesystem::is_directory(directory.parent_path(), unknown))
    throw InputError({subject, "its folder does not exist", "a folder to make the run directory in"});
}

/// What detect needs besides the model.
VolumeFacts check_volume(const Config& config) {
  VolumeFacts volume = look_at_volume(config);
  segment_settings(config, volume);
  if (const auto mask = mask_path(config))
    check_is_there(config, "volume.mask.path", mask->file, "an HDF5 file of a mask");
  mask_of_config(config, volume);
  check_run_directory(config);
  return volume;
}

}  // namespace

std::string check_usable(const Config& config) {
  // What is the same for all commands comes first.
  std::optional<VolumeFacts> volume;
  const bool trains_elsewhere = !config.labelled.empty() && !config.volume.source.path;
  if (!trains_elsewhere) volume_path(config);
  model_path(config);
  check_foreground(config);
  const auto no_train = failure_of_check([&] { check_train(config); });
  const auto no_volume = failure_of_check([&] { volume = check_volume(config); });
  const auto no_detect = no_volume ? no_volume : failure_of_check([&] { load_classifier(config, *volume); });
  if (!no_train && !no_detect) return "can be used for train and detect";
  if (!no_train) return fmt::format("can be used for train; not yet for detect: {}", no_detect->what());
  if (!no_detect) return fmt::format("can be used for detect; not for train: {}", no_train->what());
  throw Error(no_volume ? *no_volume : has_labels(config) ? *no_train : *no_detect);
}

}  // namespace cleft
