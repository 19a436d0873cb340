#include "threshold/two_level.hpp"

#include <cassert>

#include "base/error.hpp"

namespace cleft {

PerAxis<double> sigma_in_voxels(const ThresholdOptions& options, const std::optional<VoxelSize>& voxel_size) {
  if (!options.sigma_nm) return options.sigma;
  if (!voxel_size) {
    throw ConfigError({.subject = "threshold.sigma_nm",
                       .found = "the volume's voxel size is unknown",
                       .expected = "volume.voxel_size_nm, or threshold.sigma in voxels"});
  }
  const PerAxis<double>& nm = *options.sigma_nm;
  return {nm.z / voxel_size->z, nm.y / voxel_size->y, nm.x / voxel_size->x};
}

// Why the core mask is a subset although float32 rounds: rounding is monotone, so for b >= 0 a larger ratio
// never gives a smaller product. b < 0 only where S(p) exceeds 1 by rounding, and there f > 0 >= r b for both
// ratios.
template <class Stored>
TwoLevelMasks two_level_masks(const View3<const float>& smoothed, const View3<const Stored>& stored,
                              const ThresholdOptions& options) {
  assert(smoothed.extent() == stored.extent() && options.core_ratio >= options.reference_ratio);
  const Extent extent = smoothed.extent();
  const auto core_ratio = static_cast<float>(options.core_ratio);
  const auto reference_ratio = static_cast<float>(options.reference_ratio);
  TwoLevelMasks masks{Array3<std::uint8_t>::uninitialized(extent),
                      Array3<std::uint8_t>::uninitialized(extent)};
  for (std::int64_t z = 0; z < extent.z; ++z) {
    for (std::int64_t y = 0; y < extent.y; ++y) {
      const float* f = smoothed.row(z, y);
      const Stored* p = stored.row(z, y);
      std::uint8_t* core = masks.core.row(z, y);
      std::uint8_t* reference = masks.reference.row(z, y);
      for (std::int64_t x = 0; x < extent.x; ++x) {
        const float b = background_of(f[x], p[x], options.background);
        core[x] = f[x] > core_ratio * b ? 1 : 0;
        reference[x] = f[x] > reference_ratio * b ? 1 : 0;
      }
    }
  }
  return masks;
}

template TwoLevelMasks two_level_masks(const View3<const float>&, const View3<const std::uint8_t>&,
                                       const ThresholdOptions&);
template TwoLevelMasks two_level_masks(const View3<const float>&, const View3<const float>&,
                                       const ThresholdOptions&);

}  // namespace cleft
