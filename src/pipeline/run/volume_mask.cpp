#include "pipeline/run/volume_mask.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "config/resolve.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

/// Projects saved under Windows name files with backslashes.
VolumePath parsed(std::string path) {
  std::replace(path.begin(), path.end(), '\\', '/');
  return VolumePath::parse(path);
}

/// The masks, each once, of the project's images that the volume may be. The masks stay in `project`.
std::vector<const IlastikImage*> masks_of(const IlastikProject& project, const VolumeFacts& volume) {
  std::vector<const IlastikImage*> masks;
  for (const std::size_t i : images_like(project.images, volume.path.file, volume.extent)) {
    const IlastikImage& image = project.images[i];
    if (!image.mask_path.empty() && std::none_of(masks.begin(), masks.end(), [&](const IlastikImage* other) {
          return other->mask_path == image.mask_path;
        }))
      masks.push_back(&image);
  }
  return masks;
}

}  // namespace

ProjectMask mask_of_project(const IlastikProject& project, const VolumeFacts& volume) {
  const auto masks = masks_of(project, volume);
  if (masks.empty()) return {};
  if (masks.size() > 1) return {std::nullopt, "has several masks for images of this name"};
  const std::string& name = masks.front()->mask_path;
  VolumePath path = parsed(name);
  path.options.recorded_axes = masks.front()->mask_axes;
  path.file = project.path.parent_path() / path.file;  // an absolute one stays as it is
  if (!std::filesystem::exists(path.file))
    return {std::nullopt, fmt::format("has the mask {}: there is no such file", name)};
  try {
    const VolumeReader mask(path, 0);
    if (mask.extent() == volume.extent) return {mask.path(), ""};
    return {std::nullopt, fmt::format("has the mask {}, which is of {} voxels, not of {}", name,
                                      to_string(mask.extent()), to_string(volume.extent))};
  } catch (const Error& error) {
    return {std::nullopt, fmt::format("has the mask {}, which cannot be used ({})", name, error.what())};
  }
}

std::optional<VolumePath> find_mask(const Communicator& comm, const Config& config,
                                    const VolumeFacts& volume) {
  std::optional<VolumePath> mask;
  all_or_throw(comm, [&] {
    mask = mask_path(config);
    if (mask) check_is_there(config, "volume.mask.path", mask->file, "an HDF5 file of a mask");
    if (mask || !comm.is_root()) return;
    const auto model = model_path(config);
    if (!is_ilastik_project(model)) return;
    ProjectMask found = mask_of_project(read_ilastik_project(model), volume);
    if (found.path) log::info("{}: its mask {} is applied", model.string(), to_string(*found.path));
    if (!found.problem.empty())
      log::warning("{}: {}: detect looks at the whole volume (volume.mask names a mask)", model.string(),
                   found.problem);
    mask = std::move(found.path);
  });
  if (config.volume.mask.path) return mask;  // every rank knows it from the configuration
  const auto file = comm.broadcast(mask ? mask->file.string() : "");
  const auto dataset = comm.broadcast(mask ? mask->dataset : "");
  const auto axes = comm.broadcast(mask ? mask->options.axes : "");
  if (file.empty()) return std::nullopt;
  VolumePath found{file, dataset};
  found.options.axes = axes;
  return found;
}

}  // namespace cleft
