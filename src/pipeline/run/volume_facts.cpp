#include "pipeline/run/volume_facts.hpp"

#include "components/distributed/label_across_blocks.hpp"
#include "config/resolve.hpp"
#include "ilastik/project.hpp"

namespace cleft {
namespace {

/// The order of axes that an ilastik project among the configuration's files records of the volume.
std::string axes_in_project(const Config& config, const std::filesystem::path& volume) {
  for (const auto& file : {config.labels.project, config.model})
    if (file)
      if (auto axes = recorded_axes(*file, volume); !axes.empty()) return axes;
  return "";
}

}  // namespace

VolumeFacts look_at_volume(const Config& config) {
  VolumePath path = volume_path(config);
  check_is_there(config, "volume.path", path.file, "an HDF5 file of grey values");
  path.options.recorded_axes = axes_in_project(config, path.file);
  const VolumeReader reader(path, 0);
  check_axis_lengths(reader.extent(), to_string(reader.path()));
  return {reader.path(), reader.extent(), resolve_voxel_size(config, reader.path(), reader.voxel_size()),
          reader.type()};
}

}  // namespace cleft
