#include "pipeline/report/thumbnail.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>
#include <vector>

#include "base/array3.hpp"
#include "base/narrow.hpp"
#include "io/volume/volume_reader.hpp"
#include "parallel/agree.hpp"
#include "pipeline/report/object_voxels.hpp"
#include "pipeline/run/grey_sample.hpp"
#include "report/files/report_folder.hpp"
#include "report/jpeg.hpp"
#include "report/views.hpp"

namespace cleft {
namespace {

constexpr std::int64_t thumbnail_side = 640;

/// The view of one section of the whole volume as a picture.
View whole_section(const Extent& volume, const VoxelSize& size) {
  const std::int64_t section = volume.z / 2;
  View view{.plane = Plane::xy, .box = {{section, 0, 0}, {section + 1, volume.y, volume.x}}};
  const double high = narrow<double>(volume.y) * size.y, wide = narrow<double>(volume.x) * size.x;
  const double finest = std::min(size.y, size.x);
  const double nm = std::max({high / thumbnail_side, wide / thumbnail_side, finest});
  view.height = std::clamp<std::int64_t>(std::llround(high / nm), 1, thumbnail_side);
  view.width = std::clamp<std::int64_t>(std::llround(wide / nm), 1, thumbnail_side);
  return view;
}

/// The boxes of the labels that hold synapses: at most one in each piece of a volume that is cut along z and
/// y, and no larger than the synapses there take.
std::vector<Box> boxes_with_synapses(const Extent& volume, const std::vector<Synapse>& table) {
  constexpr std::int64_t piece_voxels = 1 << 21, most_sections = 64;
  const std::int64_t deep = std::min(most_sections, volume.z);
  const std::int64_t rows = std::clamp<std::int64_t>(piece_voxels / (deep * volume.x), 1, volume.y);
  const std::int64_t pieces_along_y = (volume.y + rows - 1) / rows;
  std::map<std::int64_t, Box> boxes;  // by the number of the piece
  for (const Synapse& row : table) {
    if (row.accepted == 0) continue;
    for (std::int64_t pz = row.bounds.begin.z / deep; pz * deep < row.bounds.end.z; ++pz)
      for (std::int64_t py = row.bounds.begin.y / rows; py * rows < row.bounds.end.y; ++py) {
        const Box piece{{pz * deep, py * rows, 0}, {(pz + 1) * deep, (py + 1) * rows, volume.x}};
        const Box part = intersection(piece, row.bounds);
        Box& box = boxes.try_emplace(pz * pieces_along_y + py, part).first->second;
        box.begin = {std::min(box.begin.z, part.begin.z), std::min(box.begin.y, part.begin.y),
                     std::min(box.begin.x, part.begin.x)};
        box.end = {std::max(box.end.z, part.end.z), std::max(box.end.y, part.end.y),
                   std::max(box.end.x, part.end.x)};
      }
  }
  std::vector<Box> found;
  for (const auto& [piece, box] : boxes) found.push_back(box);
  return found;
}

/// Adds to each pixel the labelled voxels whose near corner lies in it.
void add_depths(const VolumeReader& labels, const Box& box, const Extent& volume, const View& view,
                std::vector<std::int64_t>& depths) {
  auto values = Array3<std::uint64_t>::uninitialized(box.extent());
  labels.read(box, values.view());
  const Extent& e = values.extent();
  for (std::int64_t z = 0; z < e.z; ++z)
    for (std::int64_t y = 0; y < e.y; ++y) {
      const std::uint64_t* const row = values.row(z, y);
      const std::int64_t pixel_row = (box.begin.y + y) * view.height / volume.y * view.width;
      for (std::int64_t x = 0; x < e.x; ++x)
        if (row[x] != 0) ++depths[to_size(pixel_row + (box.begin.x + x) * view.width / volume.x)];
    }
}

/// Orange (Okabe and Ito) over grey, by the share of the deepest pixel's depth.
std::vector<std::uint8_t> coloured(const std::vector<std::uint8_t>& grey,
                                   const std::vector<std::int64_t>& depths) {
  constexpr std::array<double, 3> orange{230, 159, 0};
  const auto deepest = narrow<double>(*std::max_element(depths.begin(), depths.end()));
  std::vector<std::uint8_t> rgb;
  for (std::size_t i = 0; i < grey.size(); ++i) {
    const double share = depths[i] > 0 ? 0.35 + 0.6 * std::sqrt(narrow<double>(depths[i]) / deepest) : 0;
    for (const double colour : orange)
      rgb.push_back(narrow<std::uint8_t>(std::lround((1 - share) * grey[i] + share * colour)));
  }
  return rgb;
}

}  // namespace

Thumbnail write_thumbnail(const Communicator& comm, const FinishedRun& run, const Contrast& contrast,
                          const std::filesystem::path& file) {
  const Extent& volume = run.volume.extent;
  const View view = whole_section(volume, run.voxel_size_or_1());
  std::vector<std::int64_t> depths(to_size(view.width * view.height));
  all_or_throw(comm, [&] {
    const VolumeReader labels(run.files.label_volume());
    std::int64_t number = 0;
    for (const Box& box : boxes_with_synapses(volume, run.table))
      if (number++ % comm.size() == comm.rank()) add_depths(labels, box, volume, view, depths);
  });
  comm.sum(std::span(depths));
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    std::vector<std::uint8_t> grey(depths.size());
    read_view(VolumeReader(run.volume.path, 0), view, contrast, grey, view.width);
    write_report_file(file, jpeg_bytes(coloured(grey, depths), view.width, view.height, Colours::rgb,
                                       run.config.report.picture_quality));
  });
  return {.width = view.width, .height = view.height, .section = view.box.begin.z};
}

Contrast contrast_of_volume(const VolumePath& volume) {
  return contrast_of(sample_grey_values(volume));
}

}  // namespace cleft
