#include "pipeline/run/segment_settings.hpp"

namespace cleft {

SegmentSettings segment_settings(const Config& config, const VolumeFacts& volume) {
  return {.threshold = {.options = config.threshold,
                        .sigma = sigma_in_voxels(config.threshold, volume.voxel_size),
                        .connectivity = config.connectivity},
          .bounds = size_bounds(config.filter, volume.voxel_size)};
}

}  // namespace cleft
