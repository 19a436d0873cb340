#include "pipeline/run/segment_settings.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

/// A smoothing wider than the volume leaves nothing of what it smooths, and takes without end. Along an
/// axis of one voxel it changes nothing; there it is bounded by the longest axis.
void check_sigma(const Config& config, const PerAxis<double>& sigma, const VolumeFacts& volume) {
  constexpr std::array axis_names{'z', 'y', 'x'};
  constexpr std::int64_t always_allowed = 5;  // the default
  const bool in_nm = config.threshold.sigma_nm.has_value();
  const std::int64_t longest = std::max({volume.extent.z, volume.extent.y, volume.extent.x});
  for (int axis = 0; axis < 3; ++axis) {
    const std::int64_t length = volume.extent[axis];
    const std::int64_t bound = std::max<std::int64_t>(length == 1 ? longest : length, always_allowed);
    if (sigma[axis] <= narrow<double>(bound)) continue;
    throw ConfigError(
        {config.subject(in_nm ? "threshold.sigma_nm" : "threshold.sigma"),
         fmt::format("is {:.6g} voxels along {}{}", sigma[axis], axis_names.at(to_size(axis)),
                     in_nm ? fmt::format(" ({} nm, voxels of {})", (*config.threshold.sigma_nm)[axis],
                                         to_string(*volume.voxel_size))
                           : ""),
         fmt::format("at most {}: the volume is {} voxels", bound, to_string(volume.extent))});
  }
}

}  // namespace

SegmentSettings segment_settings(const Config& config, const VolumeFacts& volume) {
  SegmentSettings settings{.threshold = {.options = config.threshold,
                                         .sigma = sigma_in_voxels(config.threshold, volume.voxel_size),
                                         .connectivity = config.connectivity},
                           .bounds = size_bounds(config.filter, volume.voxel_size)};
  check_sigma(config, settings.threshold.sigma, volume);
  return settings;
}

}  // namespace cleft
