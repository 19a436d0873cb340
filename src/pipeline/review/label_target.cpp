#include "pipeline/review/label_target.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/is_there.hpp"
#include "base/files/output_folder.hpp"
#include "base/files/replace.hpp"
#include "config/resolve.hpp"
#include "ilastik/project.hpp"
#include "io/volume/volume_reader.hpp"
#include "pipeline/detect/detect_jobs.hpp"
#include "pipeline/run/run_files.hpp"

namespace cleft {
namespace {

using Paths = std::vector<std::filesystem::path>;

void append(Paths& paths, const Paths& more) {
  paths.insert(paths.end(), more.begin(), more.end());
}

/// The files of a volume: that of its dataset, and those that hold its values.
void append_volume(Paths& paths, const VolumePath& volume) {
  paths.push_back(volume.file);
  try {
    append(paths, VolumeReader(volume, 0).source().files());
  } catch (const Error&) {  // nobody reads labels or values there then: the name is all that there is
  }
}

/// A project and the images and masks that it names, as find_mask understands it.
void append_project(Paths& paths, const std::filesystem::path& project) {
  paths.push_back(project);
  try {
    if (!is_ilastik_project(project)) return;
    for (const IlastikImage& image : read_ilastik_project(project).images)
      for (std::string name : {image.file_path, image.mask_path}) {
        if (name.empty()) continue;
        std::ranges::replace(name, '\\', '/');
        paths.push_back(project.parent_path() / VolumePath::parse(name).file);
      }
  } catch (const Error&) {  // as above
  }
}

/// What one entry of `labels` names.
void append_entry(Paths& paths, const Config& entry) {
  if (entry.volume.source.path) append_volume(paths, volume_path(entry));
  if (const auto mask = mask_path(entry)) append_volume(paths, *mask);
  if (entry.labels.volume.path) append_volume(paths, labels_path(entry));
  if (entry.labels.csv) paths.push_back(*entry.labels.csv);
  if (entry.labels.points) paths.push_back(*entry.labels.points);
  if (entry.labels.project) append_project(paths, *entry.labels.project);
}

/// All that detect and review write into a run directory, under its name.
Paths files_of_run(const std::filesystem::path& directory) {
  const RunFiles files(directory);
  Paths all = files.outputs();
  append(all, {files.reviewed, files.reviewed_table, files.report, files.lock,
               unfinished_name(files.probability)});
  return all;
}

Paths needed_files(const Config& config, const ReviewOptions& options) {
  Paths needed = files_of_run(config.run.directory);
  append(needed, options.reviews);
  if (config.model) append_project(needed, *config.model);
  if (const auto& other = config.run.probability) {
    std::error_code unknown;
    if (std::filesystem::is_directory(*other, unknown)) append(needed, files_of_run(*other));
    needed.push_back(probability_to_segment(config));
  }
  append_entry(needed, config);
  for (const Config& entry : for_each_labelled_volume(config)) append_entry(needed, entry);
  return needed;
}

/// Whether two names are of one file, be it there or not.
bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::error_code unknown;
  if (std::filesystem::equivalent(a, b, unknown)) return true;
  const auto whole = std::filesystem::weakly_canonical(a, unknown);
  return !whole.empty() && whole == std::filesystem::weakly_canonical(b, unknown);
}

bool is_in_folder(const std::filesystem::path& file, const std::filesystem::path& folder) {
  std::error_code unknown;
  if (!std::filesystem::is_directory(folder, unknown)) return false;
  const auto whole = std::filesystem::weakly_canonical(file, unknown);
  for (auto above = whole.parent_path(); above != above.root_path(); above = above.parent_path())
    if (is_same_file(above, folder)) return true;
  return false;
}

/// Whether writing a file would replace another one, or something in it where that is a folder.
bool replaces(const std::filesystem::path& file, const std::filesystem::path& other) {
  return is_same_file(file, other) || (is_there(file) && is_in_folder(file, other));
}

/// Tables of a run that somebody has worked on are kept under numbered names.
bool is_kept_table(const std::filesystem::path& file, const std::filesystem::path& directory) {
  const std::string name = file.filename().string();
  return name.starts_with("synapses") && name.ends_with(".csv") &&
         is_same_file(std::filesystem::absolute(file).parent_path(), directory);
}

}  // namespace

void check_label_target(const Config& config, const ReviewOptions& options) {
  const LabelOutput& labels = *options.labels;
  check_output_folder(labels.file);
  check_may_replace(labels.file, labels.force);
  const Paths needed = needed_files(config, options);
  if (is_kept_table(labels.file, config.run.directory) ||
      is_in_folder(labels.file, RunFiles(config.run.directory).report) ||
      std::ranges::any_of(needed, [&](const auto& file) { return replaces(labels.file, file); }))
    throw InputError(
        {labels.file.string(), "is a file of the run, or one that it was made of", "a new name"});
}

}  // namespace cleft
