#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/array3.hpp"
#include "base/random.hpp"
#include "io/h5/file.hpp"

namespace cleft::test {

inline constexpr VoxelSize vnc_voxel{47.5, 4.6, 4.6};

/// Writes a volume with its voxel size, and the section it begins at, as attributes.
template <class T>
void write_volume(const std::filesystem::path& path, const std::string& dataset, const Array3<T>& volume,
                  const std::optional<VoxelSize>& voxel = vnc_voxel, std::int64_t first_section = 0) {
  h5::write_file(path, [&](h5::File& file) {
    const auto length = [](std::int64_t n) { return static_cast<hsize_t>(n); };
    const Extent& extent = volume.extent();
    auto written = file.write(dataset, std::vector<T>(volume.voxels().begin(), volume.voxels().end()),
                              {length(extent.z), length(extent.y), length(extent.x)});
    if (voxel)
      written.set_attribute("element_size_um",
                            std::vector<double>{voxel->z / 1000, voxel->y / 1000, voxel->x / 1000});
    if (first_section != 0) written.set_attribute("first_section", first_section);
  });
}

/// A number from 0 to n - 1.
inline std::int64_t below(Random& random, std::int64_t n) {
  return static_cast<std::int64_t>(random.below(static_cast<std::uint32_t>(n)));
}

/// Boxes of 1 ... 3 sections at random places, numbered from `first_label` in steps of 3; later ones cover
/// earlier ones.
inline Array3<std::uint64_t> random_boxes(const Extent& extent, int count, std::uint64_t first_label,
                                          std::uint64_t seed) {
  Array3<std::uint64_t> labels(extent);
  Random random(seed);
  for (int i = 0; i < count; ++i) {
    const Extent size{1 + below(random, 3), 2 + below(random, 9), 2 + below(random, 9)};
    const GlobalVoxel begin{below(random, extent.z), below(random, extent.y), below(random, extent.x)};
    const Box box = intersection({begin, begin + size}, whole_box(extent));
    for (std::int64_t z = box.begin.z; z < box.end.z; ++z)
      for (std::int64_t y = box.begin.y; y < box.end.y; ++y)
        for (std::int64_t x = box.begin.x; x < box.end.x; ++x)
          labels(z, y, x) = first_label + 3 * static_cast<std::uint64_t>(i);
  }
  return labels;
}

/// 0 or 1 per voxel: the labelled ones, but for a share of holes.
inline Array3<std::uint8_t> mask_with_holes(const Array3<std::uint64_t>& labels, double holes,
                                            std::uint64_t seed) {
  Array3<std::uint8_t> mask(labels.extent());
  Random random(seed);
  for (std::size_t i = 0; i < mask.voxels().size(); ++i)
    mask.voxels()[i] = labels.voxels()[i] != 0 && random.uniform() >= holes ? 1 : 0;
  return mask;
}

/// Sections [begin, end) of a volume.
template <class T>
Array3<T> sections_of(const Array3<T>& volume, std::int64_t begin, std::int64_t end) {
  const Extent extent{end - begin, volume.extent().y, volume.extent().x};
  return Array3<T>::copy_of(volume.view().part({begin, 0, 0}, extent));
}

}  // namespace cleft::test
