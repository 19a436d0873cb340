#pragma once

#include <cstdint>
#include <optional>

#include "base/box.hpp"
#include "objects/measure.hpp"

namespace cleft {

/// The `filter` section of the configuration. Bounds are inclusive. A bound in nm3 takes the place of the one
/// in voxels.
struct SizeFilterOptions {
  std::int64_t min_size = 1000;    ///< voxels; of the object and of its largest core component
  std::int64_t max_size = 200000;  ///< voxels; of the object
  std::optional<double> min_volume_nm3{}, max_volume_nm3{};
  /// Which objects that are no synapses by their core are kept beside them: see CandidateRule.
  std::optional<std::int64_t> candidates{};
  std::optional<double> candidate_ratio{};

  friend bool operator==(const SizeFilterOptions&, const SizeFilterOptions&) = default;
};

/// Inclusive bounds in voxels.
struct SizeBounds {
  std::int64_t min = 0, max = 0;
};

/// The bounds in voxels. A bound in nm3 becomes the smallest number of voxels whose volume reaches
/// min_volume_nm3, or the largest number whose volume does not exceed max_volume_nm3.
/// \throws ConfigError when a bound is in nm3 and the voxel size is unknown, or when no size is within them.
SizeBounds size_bounds(const SizeFilterOptions& options, const std::optional<VoxelSize>& voxel_size);

/// What the size filter says of a component.
enum class SizeFinding {
  synapse,
  no_core,    ///< it has no core component
  too_small,  ///< it, or its largest core component, has fewer than bounds.min voxels
  too_large,  ///< it has more than bounds.max voxels
};

/// Judges a component; the first reason that holds, in their order above.
SizeFinding judge_component(const ComponentSums& component, const CoreSums& cores, const SizeBounds& bounds);

/// How many components were no synapses, by the reason. Trivially copyable.
struct DroppedCounts {
  std::int64_t no_core = 0, too_small = 0, too_large = 0;

  /// Counts one component, unless it is a synapse.
  void add(SizeFinding finding);
  void add(const DroppedCounts& other);
  std::int64_t all() const { return no_core + too_small + too_large; }

  friend bool operator==(const DroppedCounts&, const DroppedCounts&) = default;
};

/// Whether a component is a synapse: bounds.min <= its size <= bounds.max, and one of its core components has
/// at least bounds.min voxels.
bool is_synapse(const ComponentSums& component, const CoreSums& cores, const SizeBounds& bounds);

}  // namespace cleft
