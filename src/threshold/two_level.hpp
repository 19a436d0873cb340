#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "base/enum_words.hpp"
#include "threshold/smooth.hpp"

namespace cleft {

/// What the foreground is compared with: b = 1 - S(p) (smoothed) or b = 1 - p (raw).
enum class Background { smoothed, raw };

template <>
struct EnumWords<Background> {
  static constexpr auto list =
      std::to_array<EnumWord<Background>>({{Background::smoothed, "smoothed"}, {Background::raw, "raw"}});
};

/// The `threshold` section of the configuration.
struct ThresholdOptions {
  std::string foreground = "synapse";         ///< class whose probability is thresholded
  PerAxis<double> sigma{5, 5, 5};             ///< of the smoothing, in voxels; 0 = off on that axis
  std::optional<PerAxis<double>> sigma_nm{};  ///< the same in nm; when given it takes the place of `sigma`
  double core_ratio = 7;       ///< core mask: foreground more than this many times the background
  double reference_ratio = 1;  ///< reference mask likewise; not above core_ratio
  Background background = Background::smoothed;

  friend bool operator==(const ThresholdOptions&, const ThresholdOptions&) = default;
};

/// The smoothing's sigma in voxels.
/// \throws ConfigError when sigma is given in nm and the voxel size is unknown.
PerAxis<double> sigma_in_voxels(const ThresholdOptions& options, const std::optional<VoxelSize>& voxel_size);

/// b of one voxel, in float32: a little less than 0 where S(p) exceeds 1 by rounding.
/// \param smoothed  f = S(p).
template <class Stored>
float background_of(float smoothed, Stored stored, Background background) {
  return 1.0F - (background == Background::smoothed ? smoothed : stored_probability(stored));
}

/// The two masks of a box, 0 or 1 per voxel.
struct TwoLevelMasks {
  Array3<std::uint8_t> core, reference;
};

/// Compares the smoothed foreground f = S(p) with its background b voxel by voxel, in float32 and without
/// division: a voxel is in the mask of ratio r when f > r b. The core mask is a subset of the reference mask.
///
/// \tparam Stored   std::uint8_t or float, see stored_probability.
/// \param smoothed  S(p) of a box, z, y, x, see smooth().
/// \param stored    The stored probabilities of the same box; read when the background is raw.
/// \pre             Both views have the same extent; options.core_ratio >= options.reference_ratio >= 0.
/// \throws          std::bad_alloc
template <class Stored>
TwoLevelMasks two_level_masks(const View3<const float>& smoothed, const View3<const Stored>& stored,
                              const ThresholdOptions& options);

extern template TwoLevelMasks two_level_masks(const View3<const float>&, const View3<const std::uint8_t>&,
                                              const ThresholdOptions&);
extern template TwoLevelMasks two_level_masks(const View3<const float>&, const View3<const float>&,
                                              const ThresholdOptions&);

}  // namespace cleft
