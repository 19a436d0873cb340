#include "pipeline/run/segment_settings.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

struct Span {
  double shortest = 0, longest = 0;
};

Span span_of(const PerAxis<double>& lengths) {
  return {std::min({lengths.z, lengths.y, lengths.x}), std::max({lengths.z, lengths.y, lengths.x})};
}

/// Whether voxels are longer along some axes, by more than rounding.
bool is_anisotropic(const VoxelSize& voxel) {
  constexpr double rounding = 1.01;
  const Span edges = span_of(voxel);
  return edges.longest > rounding * edges.shortest;
}

PerAxis<double> sigma_for(const Config& config, const std::optional<VoxelSize>& voxel) {
  PerAxis<double> sigma = sigma_in_voxels(config.threshold, voxel);
  const bool stated = config.threshold.sigma_nm || config.states("threshold.sigma");
  if (stated || !voxel || !is_anisotropic(*voxel)) return sigma;
  const double finest = span_of(*voxel).shortest;
  for (int axis = 0; axis < 3; ++axis) sigma[axis] *= finest / (*voxel)[axis];
  return sigma;
}

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

void check_split(const Config& config, const VolumeFacts& volume) {
  if (config.split.by == Split::distance && !volume.voxel_size)
    throw ConfigError({config.subject("components.split"),
                       "is distance, and the volume's voxel size is unknown",
                       "volume.voxel_size_nm, or components.split: cores"});
}

}  // namespace

SegmentSettings segment_settings(const Config& config, const VolumeFacts& volume) {
  SegmentSettings settings{.threshold = {.options = config.threshold,
                                         .sigma = sigma_for(config, volume.voxel_size),
                                         .connectivity = config.connectivity},
                           .rule = {.bounds = size_bounds(config.filter, volume.voxel_size),
                                    .candidates = candidate_rule(config.filter)},
                           .split = config.split};
  check_sigma(config, settings.threshold.sigma, volume);
  check_split(config, volume);
  return settings;
}

std::optional<std::string> wide_smoothing(const Config& config, const VolumeFacts& volume) {
  // A synaptic cleft with its densities is some 50 nm thick.
  constexpr double wide_nm = 100;
  if (!volume.voxel_size || config.threshold.sigma_nm || !config.states("threshold.sigma"))
    return std::nullopt;
  PerAxis<double> nm = config.threshold.sigma;
  for (int axis = 0; axis < 3; ++axis) nm[axis] *= (*volume.voxel_size)[axis];
  const Span span = span_of(nm);
  if (!is_anisotropic(*volume.voxel_size) || span.longest <= wide_nm || !(span.longest > 2 * span.shortest))
    return std::nullopt;
  return fmt::format(
      "{}: smooths over {:.0f} x {:.0f} x {:.0f} nm (z, y, x), since voxels are {}: thin synapses may "
      "vanish; "
      "threshold.sigma_nm: {:.0f} is the same along all axes",
      config.subject("threshold.sigma"), nm.z, nm.y, nm.x, to_string(*volume.voxel_size), span.shortest);
}

}  // namespace cleft
