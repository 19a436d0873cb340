#include "pipeline/train/labelled_parts.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "config/resolve.hpp"

namespace cleft {

std::vector<LabelledPart> look_at_labelled_volumes(const Config& config) {
  std::vector<LabelledPart> parts;
  for (Config& one : for_each_labelled_volume(config)) {
    const VolumeFacts facts = look_at_volume(one);
    parts.push_back({std::move(one), facts});
  }
  return parts;
}

void read_projects(std::vector<LabelledPart>& parts) {
  for (LabelledPart& part : parts) {
    const auto& project = part.config.labels.project;
    if (!project) continue;
    check_is_there(part.config, "labels.project", *project, "an ilastik project");
    part.project = read_ilastik_project(*project);
  }
}

bool names_labels(const Config& config) {
  const LabelOptions& labels = config.labels;
  return !config.labelled.empty() || labels.volume.path || labels.csv || labels.points || labels.project;
}

std::vector<GlobalVoxel> labelled_voxels_of(const Config& config, const VolumeFacts& volume,
                                            std::vector<std::string>& unreadable) {
  std::vector<LabelledPart> parts;
  std::vector<std::string> classes = config.classes;
  for (const Config& one : for_each_labelled_volume(config)) {
    try {
      std::vector<LabelledPart> part{{one, look_at_volume(one)}};
      if (!are_of_one_volume(part.front().volume.path, volume.path)) continue;
      read_projects(part);
      if (const auto& project = part.front().project) {
        classes.clear();
        for (const IlastikClass& c : project->stages.front().classes) classes.push_back(c.name);
      }
      parts.push_back(std::move(part.front()));
    } catch (const Error& error) {
      unreadable.emplace_back(error.what());
    }
  }
  const auto labels = readable_labels_of(parts, classes, unreadable);
  std::vector<GlobalVoxel> voxels;
  for (std::size_t n = 0; n < parts.size(); ++n) {
    const Extent shift = parts[n].volume.first - volume.first;
    for (const LabelledVoxel& label : labels[n]) voxels.push_back(label.voxel + shift);
  }
  std::erase_if(voxels, [&](const GlobalVoxel& v) { return !whole_box(volume.extent).contains(v); });
  std::ranges::sort(voxels);
  voxels.erase(std::unique(voxels.begin(), voxels.end()), voxels.end());
  return voxels;
}

}  // namespace cleft
