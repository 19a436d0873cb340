#include "objects/size_filter.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"

namespace cleft {
namespace {

double voxel_volume_nm3(const SizeFilterOptions& options, const std::optional<VoxelSize>& voxel_size) {
  if (voxel_size) return voxel_size->z * voxel_size->y * voxel_size->x;
  throw ConfigError({.subject = options.min_volume_nm3 ? "filter.min_volume_nm3" : "filter.max_volume_nm3",
                     .found = "the volume's voxel size is unknown",
                     .expected = "volume.voxel_size_nm, or filter.min_size and filter.max_size in voxels"});
}

/// More voxels than any volume has.
constexpr std::int64_t beyond_all = std::numeric_limits<std::int64_t>::max();

/// The number of voxels nearest to volume / voxel_volume; the exact bound is at most one away. From 2^53 on,
/// where doubles cannot count single voxels, it is beyond_all.
std::int64_t count_near(double volume, double voxel_volume) {
  const double count = std::round(volume / voxel_volume);
  return count < 0x1p53 ? static_cast<std::int64_t>(count) : beyond_all;
}

/// The smallest number of voxels whose volume is at least `volume`. The product is rounded to double, as it
/// is when a user checks it against the object table.
std::int64_t count_reaching(double volume, double voxel_volume) {
  const std::int64_t near = count_near(volume, voxel_volume);
  if (near == beyond_all) return near;
  return static_cast<double>(near) * voxel_volume < volume ? near + 1 : near;
}

/// The largest number of voxels whose volume is at most `volume`.
std::int64_t count_within(double volume, double voxel_volume) {
  const std::int64_t near = count_near(volume, voxel_volume);
  return static_cast<double>(near) * voxel_volume > volume ? near - 1 : near;
}

}  // namespace

SizeBounds size_bounds(const SizeFilterOptions& options, const std::optional<VoxelSize>& voxel_size) {
  SizeBounds bounds{options.min_size, options.max_size};
  if (options.min_volume_nm3)
    bounds.min = count_reaching(*options.min_volume_nm3, voxel_volume_nm3(options, voxel_size));
  if (options.max_volume_nm3)
    bounds.max = count_within(*options.max_volume_nm3, voxel_volume_nm3(options, voxel_size));
  if (bounds.min > bounds.max) {
    throw ConfigError(
        {.subject = "filter",
         .found = fmt::format("allows {} voxels or more but only up to {}", bounds.min, bounds.max),
         .expected = "a minimum not above the maximum"});
  }
  return bounds;
}

SizeFinding judge_component(const ComponentSums& component, const CoreSums& cores, const SizeBounds& bounds) {
  if (cores.count == 0) return SizeFinding::no_core;
  if (component.size < bounds.min || cores.largest < bounds.min) return SizeFinding::too_small;
  return component.size > bounds.max ? SizeFinding::too_large : SizeFinding::synapse;
}

void DroppedCounts::add(SizeFinding finding) {
  no_core += finding == SizeFinding::no_core ? 1 : 0;
  too_small += finding == SizeFinding::too_small ? 1 : 0;
  too_large += finding == SizeFinding::too_large ? 1 : 0;
}

void DroppedCounts::add(const DroppedCounts& other) {
  no_core += other.no_core;
  too_small += other.too_small;
  too_large += other.too_large;
}

bool is_synapse(const ComponentSums& component, const CoreSums& cores, const SizeBounds& bounds) {
  return judge_component(component, cores, bounds) == SizeFinding::synapse;
}

}  // namespace cleft
