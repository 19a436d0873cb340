#include "pipeline/run/volume_facts.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/voxel_size.hpp"
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
  const VolumeSource& source = reader.source();
  if (!source.voxel_size_is_certain() && config.volume.trust != Trust::config)
    throw InputError(
        {to_string(reader.path()),
         fmt::format("has {} and states three lengths of a voxel, {}, but not which is along which axis",
                     source.axes_text(), to_string(*source.voxel_size())),
         "volume.voxel_size_nm: [z, y, x] beside volume.trust: config"});
  VolumeFacts facts{.path = reader.path(),
                    .extent = reader.extent(),
                    .voxel_size = resolve_voxel_size(config, reader.path(), reader.voxel_size()),
                    .type = reader.type()};
  const std::string& axes = reader.path().options.axes;
  if (!config.volume.source.axes && !axes.empty() && axes != "zyx")
    log::info(
        "{}: neither the file nor volume.axes states its axes; they are read as {}, as the ilastik "
        "project records them",
        to_string(reader.path()), axes);
  facts.missing_sections = source.texts("missing_sections_are");
  facts.first = source.box().begin;
  if (const Extent& whole = source.dataset_place().extent; whole != facts.extent)
    facts.dataset_extent = whole;
  facts.dataset_offset = resolve_offset(config, reader.path(), source.dataset_place().offset);
  facts.voxel_size_overrules = config.volume.voxel_size && config.volume.trust == Trust::config;
  return facts;
}

Place VolumeFacts::dataset() const {
  return {to_string(path), dataset_extent.value_or(extent), voxel_size, dataset_offset};
}

std::optional<PerAxis<double>> VolumeFacts::offset() const {
  if (voxel_size) return offset_of(dataset_offset.value_or(PerAxis<double>{}), first, *voxel_size);
  return first == GlobalVoxel{} ? dataset_offset : std::nullopt;
}

void check_complete(const VolumeReader& input) {
  const std::string made_up = input.source().check_complete();
  if (!made_up.empty())
    log::warning("{}: {}; it is taken as background, as told", to_string(input.path()), made_up);
}

std::vector<std::string> doubts_about(const VolumeFacts& volume) {
  std::vector<std::string> lines;
  if (volume.voxel_size && looks_swapped(*volume.voxel_size))
    lines.push_back(fmt::format("voxels are {}: longest along x, as if z and x were exchanged",
                                to_string(*volume.voxel_size)));
  if (!volume.offset() && volume.first != GlobalVoxel{})
    lines.emplace_back("without a voxel size the results of volume.box cannot say where they lie");
  for (const std::string& missing : volume.missing_sections)
    lines.push_back(fmt::format("sections are missing: {}; look twice at what is found there", missing));
  return lines;
}

Place place_of_part(const VolumeFacts& volume, const VolumeReader& part) {
  Place place = part.place();
  if (!volume.voxel_size_overrules) {
    check_same_voxel_size(volume.dataset(), place,
                          "volume.voxel_size_nm with volume.trust: config, which overrule the files");
    return place;
  }
  if (place.voxel_size && !same_voxel_size(*place.voxel_size, *volume.voxel_size))
    log::info(
        "{}: voxels are {} as volume.voxel_size_nm says, not {} as the file says (volume.trust: config)",
        place.subject, to_string(*volume.voxel_size), to_string(*place.voxel_size));
  place.voxel_size.reset();
  return place;
}

GlobalVoxel begin_in_dataset(const Config& config, const VolumeFacts& volume, const VolumeReader& part,
                             const std::optional<Extent>& begin, const std::string& section) {
  const Place place = place_of_part(volume, part);
  std::vector<StatedBegin> stated;
  const std::string key = section + ".begin";
  if (begin) stated.push_back({config.subject(key), {begin->z, begin->y, begin->x}});
  const Box lies = box_in(volume.dataset(), place, stated, key + ": [z, y, x], the voxel it begins at");
  if (intersection(lies, volume.box()).empty())
    throw InputError({place.subject, fmt::format("lies at {} of {}", to_string(lies), to_string(volume.path)),
                      fmt::format("a part of volume.box: {}", to_string(volume.box()))});
  return lies.begin;
}

}  // namespace cleft
