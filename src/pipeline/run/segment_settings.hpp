#pragma once

#include <optional>
#include <string>

#include "config/config.hpp"
#include "objects/candidates.hpp"
#include "pipeline/run/volume_facts.hpp"
#include "segmentation/threshold_block.hpp"

namespace cleft {

/// How segment works, everything in voxels.
struct SegmentSettings {
  ThresholdSettings threshold;
  ObjectRule rule;
  SplitOptions split;
};

/// Segment's settings for a volume. Where the configuration states no sigma and the voxels are not equally
/// long along all axes, the default counts on the finest axis and the others get the same length in nm.
/// Detect looks at the settings before it predicts for hours towards a segmentation that cannot be; train,
/// which does not need them, warns. Not collective.
/// \throws ConfigError when settings in nm meet a volume without a voxel size, when they contradict each
///         other, or when the smoothing's sigma is larger than the volume (5, the default, than any).
SegmentSettings segment_settings(const Config& config, const VolumeFacts& volume);

/// A warning, as a line, where a sigma that is stated in voxels spans so much more nm along one axis than
/// along another that thin synapses are smoothed away; nothing where it does not. Not collective.
std::optional<std::string> wide_smoothing(const Config& config, const VolumeFacts& volume);

}  // namespace cleft
