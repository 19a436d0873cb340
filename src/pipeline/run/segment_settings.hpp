#pragma once

#include "config/config.hpp"
#include "objects/size_filter.hpp"
#include "pipeline/run/volume_facts.hpp"
#include "segmentation/threshold_block.hpp"

namespace cleft {

/// How segment works, everything in voxels.
struct SegmentSettings {
  ThresholdSettings threshold;
  SizeBounds bounds;  ///< of a synapse
};

/// Segment's settings for a volume. Train and detect look at them before they work for hours towards a
/// segmentation that cannot be. Not collective.
/// \throws ConfigError when settings in nm meet a volume without a voxel size, when they contradict each
///         other, or when the smoothing's sigma is larger than the volume (5, the default, than any).
SegmentSettings segment_settings(const Config& config, const VolumeFacts& volume);

}  // namespace cleft
