#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/array3.hpp"
#include "base/random.hpp"
#include "features/set/compute.hpp"
#include "io/h5/file.hpp"
#include "io/volume/labels.hpp"

namespace cleft::test {

constexpr Extent training_extent{14, 40, 44};

/// Grey values with dark bars across y in noise.
inline Array3<std::uint8_t> training_grey() {
  Array3<std::uint8_t> grey(training_extent);
  Random random(11);
  for (std::int64_t z = 0; z < training_extent.z; ++z)
    for (std::int64_t y = 0; y < training_extent.y; ++y)
      for (std::int64_t x = 0; x < training_extent.x; ++x)
        grey(z, y, x) = static_cast<std::uint8_t>((y % 10 < 3 ? 60 : 160) + random.below(40));
  return grey;
}

/// Three strokes per class in sections 2 and 11: on bars (1), beside them (2), between them (3).
inline std::vector<LabelledVoxel> training_strokes() {
  std::vector<LabelledVoxel> strokes;
  for (const std::int64_t z : {2, 11})
    for (std::int64_t y = 0; y < training_extent.y; ++y)
      for (std::int64_t x = z; x < 40; x += 3)
        if (y % 10 == 1 || y % 10 == 3 || y % 10 == 7)
          strokes.push_back({{z, y, x}, static_cast<std::uint8_t>(y % 10 == 1 ? 1 : y % 10 == 3 ? 2 : 3)});
  return strokes;
}

/// The strokes as a label volume of this extent.
inline Array3<std::uint8_t> stroke_volume(const std::vector<LabelledVoxel>& strokes, const Extent& extent) {
  Array3<std::uint8_t> labels(extent);
  for (const auto& [voxel, label] : strokes) labels(voxel.z, voxel.y, voxel.x) = label;
  return labels;
}

/// So little memory that the strokes' features are computed in several boxes.
inline std::int64_t little_memory(const FeatureSet& set) {
  return static_cast<std::int64_t>(working_bytes(set, {1, 4, 20})) + 400000;
}

inline void write_volume(const std::filesystem::path& path, const std::string& dataset,
                         const Array3<std::uint8_t>& volume) {
  const Extent& e = volume.extent();
  h5::write_file(path, [&](h5::File& file) {
    file.write(dataset, std::vector<std::uint8_t>(volume.voxels().begin(), volume.voxels().end()),
               {static_cast<hsize_t>(e.z), static_cast<hsize_t>(e.y), static_cast<hsize_t>(e.x)});
  });
}

}  // namespace cleft::test
