#include "io/labels.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/array3.hpp"
#include "base/error.hpp"

namespace cleft {
namespace {

/// Whole chunks, as many as make a read worth it: first along x, then y, then z.
Extent piece_of(const VolumeReader& labels) {
  constexpr std::int64_t enough = std::int64_t{1} << 24U;  // voxels
  const Extent& whole = labels.extent();
  Extent piece = labels.chunk().value_or(Extent{1, 1, whole.x});
  for (const int axis : {2, 1, 0}) {
    const std::int64_t times =
        std::max<std::int64_t>(1, enough / std::max<std::int64_t>(1, voxel_count(piece)));
    piece[axis] = std::min(piece[axis] * times, whole[axis]);
  }
  return piece;
}

void add_labels(const Box& box, const View3<const std::uint8_t>& values, std::vector<LabelledVoxel>& labels) {
  const Extent e = box.extent();
  for (std::int64_t z = 0; z < e.z; ++z)
    for (std::int64_t y = 0; y < e.y; ++y)
      for (std::int64_t x = 0; x < e.x; ++x)
        if (const std::uint8_t label = values(z, y, x); label != 0)
          labels.push_back({box.begin + Extent{z, y, x}, label});
}

}  // namespace

std::vector<LabelledVoxel> read_label_volume(const VolumeReader& labels, const Extent& volume,
                                             int class_count) {
  const std::string subject = to_string(labels.path());
  if (labels.extent() != volume)
    throw InputError({subject, "has " + to_string(labels.extent()), to_string(volume) + ", as the volume"});
  const Extent piece = piece_of(labels);
  std::vector<LabelledVoxel> found;
  for (std::int64_t z = 0; z < volume.z; z += piece.z)
    for (std::int64_t y = 0; y < volume.y; y += piece.y)
      for (std::int64_t x = 0; x < volume.x; x += piece.x) {
        const Box box = intersection({{z, y, x}, GlobalVoxel{z, y, x} + piece}, whole_box(volume));
        auto values = Array3<std::uint8_t>::uninitialized(box.extent());
        labels.read(box, values.view());
        add_labels(box, values.view(), found);
      }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.voxel < b.voxel; });
  for (const auto& [voxel, label] : found)
    if (label > class_count)
      throw InputError({subject,
                        fmt::format("label {} at z {}, y {}, x {}", label, voxel.z, voxel.y, voxel.x),
                        fmt::format("0 (unlabelled) to {}, the number of classes", class_count)});
  return found;
}

}  // namespace cleft
