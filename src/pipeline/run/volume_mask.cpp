#include "pipeline/run/volume_mask.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/array3.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "config/resolve.hpp"
#include "io/volume/label_values.hpp"
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
    place_of_part(volume, mask);  // checks its voxel size
    const Extent expected = volume.dataset().extent;
    if (mask.extent() == expected) return {mask.path(), ""};
    return {std::nullopt, fmt::format("has the mask {}, which is of {} voxels, not of {}", name,
                                      to_string(mask.extent()), to_string(expected))};
  } catch (const Error& error) {
    return {std::nullopt, fmt::format("has the mask {}, which cannot be used ({})", name, error.what())};
  }
}

std::optional<PlacedMask> mask_of_config(const Config& config, const VolumeFacts& volume) {
  const auto path = mask_path(config);
  if (!path) return std::nullopt;
  check_is_there(config, "volume.mask.path", path->file, "an HDF5 file of a mask");
  const VolumeReader mask(*path, 0);
  const GlobalVoxel begin = begin_in_dataset(config, volume, mask, config.volume.mask.begin, "volume.mask");
  return PlacedMask{mask.path(), begin - (volume.first - GlobalVoxel{})};
}

std::optional<PlacedMask> find_mask(const Communicator& comm, const Config& config,
                                    const VolumeFacts& volume) {
  std::optional<PlacedMask> of_config;
  std::optional<VolumePath> mask;
  all_or_throw(comm, [&] {
    of_config = mask_of_config(config, volume);
    if (!comm.is_root()) return;
    if (of_config) return check_mask_means_something(VolumeReader(of_config->path, 0));
    const auto model = model_path(config);
    if (!is_ilastik_project(model)) return;
    ProjectMask found = mask_of_project(read_ilastik_project(model), volume);
    if (found.path) log::info("{}: its mask {} is applied", model.string(), to_string(*found.path));
    if (!found.problem.empty())
      log::warning("{}: {}: detect looks at the whole volume (volume.mask names a mask)", model.string(),
                   found.problem);
    mask = std::move(found.path);
    if (mask) check_mask_means_something(VolumeReader(*mask, 0));
  });
  if (of_config) return of_config;  // every rank knows it from the configuration
  const auto file = comm.broadcast(mask ? mask->file.string() : "");
  const auto dataset = comm.broadcast(mask ? mask->dataset : "");
  const auto axes = comm.broadcast(mask ? mask->options.axes : "");
  if (file.empty()) return std::nullopt;
  VolumePath found{file, dataset};
  found.options.axes = axes;
  return PlacedMask{found, GlobalVoxel{} - (volume.first - GlobalVoxel{})};
}

std::int64_t count_outside(const MaskReader& mask, const std::vector<LabelledVoxel>& labels) {
  std::int64_t outside = 0;
  for (std::size_t begin = 0, end = 0; begin < labels.size(); begin = end) {
    // Those of one section: the box around them.
    const GlobalVoxel& first = labels[begin].voxel;
    Box box{first, first + Extent{1, 1, 1}};
    for (end = begin; end < labels.size() && labels[end].voxel.z == first.z; ++end) {
      const GlobalVoxel& v = labels[end].voxel;
      box.begin.x = std::min(box.begin.x, v.x);
      box.end.y = std::max(box.end.y, v.y + 1);
      box.end.x = std::max(box.end.x, v.x + 1);
    }
    auto inside = Array3<std::uint8_t>::uninitialized(box.extent());
    mask.read(box, inside.view());
    for (std::size_t i = begin; i < end; ++i) {
      const LocalVoxel at = box.local(labels[i].voxel);
      outside += inside(at.z, at.y, at.x) == 0 ? 1 : 0;
    }
  }
  return outside;
}

}  // namespace cleft
