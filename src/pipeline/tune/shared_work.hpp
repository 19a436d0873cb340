#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/box.hpp"
#include "components/connectivity.hpp"
#include "pipeline/run/segment_settings.hpp"
#include "threshold/two_level.hpp"

namespace cleft {

// What several settings of segment have in common, so that it is done once. The sizes of objects and of
// their cores decide by every bound of the size filter; components of a mask are the same whether it is the
// reference mask of one setting or the core mask of another. A *level* is the mask of one ratio.

/// Settings of one reference mask that have the core mask in common too: they differ by the size filter and
/// by how components are split.
struct SharedCores {
  std::size_t level = 0;  ///< of the core mask
  std::vector<std::size_t> settings;
};

/// Settings that have the reference mask in common.
struct SharedReference {
  std::size_t level = 0;  ///< of the reference mask
  std::vector<SharedCores> cores;
};

/// Settings whose masks lie inside each other, and are connected by the same rule.
struct SharedLevels {
  Background background = Background::smoothed;
  Connectivity connectivity = Connectivity::twenty_six;
  std::vector<double> ratios;  ///< [level] ascending, each once
  std::vector<SharedReference> references;
  std::int64_t least_size = 0;  ///< voxels that a core needs, of the setting that needs the fewest
};

/// Settings that have the smoothing in common.
struct SharedSmoothing {
  PerAxis<double> sigma;  ///< voxels
  std::vector<SharedLevels> levels;
};

/// Sorts settings by what they share; each is in one place. Sigmas, and whatever else has no order, stand in
/// the order of their first setting. Not collective.
std::vector<SharedSmoothing> shared_work(std::span<const SegmentSettings> settings);

}  // namespace cleft
