#include "pipeline/run/grey_sample.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/array3.hpp"
#include "io/volume/volume_reader.hpp"

namespace cleft {
namespace {

/// Boxes of at most 16 voxels along each axis, in the middle of each of 3 x 3 x 3 parts of the volume.
std::vector<Box> boxes_to_look_at(const Extent& volume) {
  constexpr std::int64_t parts = 3, edge = 16;
  std::vector<Box> boxes;
  const Box all = whole_box(volume);
  const auto begin_of = [](std::int64_t length, std::int64_t part) {
    return std::max<std::int64_t>(0, length * (2 * part + 1) / (2 * parts) - edge / 2);
  };
  for (std::int64_t z = 0; z < parts; ++z)
    for (std::int64_t y = 0; y < parts; ++y)
      for (std::int64_t x = 0; x < parts; ++x) {
        const GlobalVoxel begin{begin_of(volume.z, z), begin_of(volume.y, y), begin_of(volume.x, x)};
        boxes.push_back(intersection(box_at(begin, {edge, edge, edge}), all));
      }
  return boxes;
}

/// Calls take with the values of each box of a reader's channel.
template <class Take>
void read_sample(const VolumeReader& reader, const Take& take) {
  for (const Box& box : boxes_to_look_at(reader.extent())) {
    auto grey = Array3<float>::uninitialized(box.extent());
    reader.read(box, grey.view());
    for (const float value : grey.voxels()) take(value);
  }
}

}  // namespace

ValueRange sample_grey(const VolumePath& volume) {
  VolumeReader reader(volume, 0);
  ValueRange range;
  for (std::size_t channel = 0; channel < reader.channel_count(); ++channel) {
    reader = reader.other_channel(channel);
    read_sample(reader, [&](float value) { range.add(value); });
  }
  return range;
}

std::vector<float> sample_grey_values(const VolumePath& volume) {
  std::vector<float> values;
  read_sample(VolumeReader(volume, 0), [&](float value) { values.push_back(value); });
  return values;
}

}  // namespace cleft
