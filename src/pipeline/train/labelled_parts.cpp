#include "pipeline/train/labelled_parts.hpp"

#include <algorithm>
#include <string>
#include <utility>

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

std::vector<GlobalVoxel> labelled_voxels_of(const Config& config, const VolumeFacts& volume) {
  std::vector<LabelledPart> parts = look_at_labelled_volumes(config);
  read_projects(parts);
  std::vector<std::string> classes = config.classes;
  for (const LabelledPart& part : parts)
    if (part.project) {
      classes.clear();
      for (const IlastikClass& c : part.project->stages.front().classes) classes.push_back(c.name);
    }
  const auto labels = labels_of(parts, classes);
  std::vector<GlobalVoxel> voxels;
  for (std::size_t n = 0; n < parts.size(); ++n) {
    if (!are_of_one_volume(parts[n].volume.path, volume.path)) continue;
    const Extent shift = parts[n].volume.first - volume.first;
    for (const LabelledVoxel& label : labels[n]) voxels.push_back(label.voxel + shift);
  }
  std::erase_if(voxels, [&](const GlobalVoxel& v) { return !whole_box(volume.extent).contains(v); });
  std::ranges::sort(voxels);
  voxels.erase(std::unique(voxels.begin(), voxels.end()), voxels.end());
  return voxels;
}

}  // namespace cleft
