#include "components/split_component.hpp"

#include <utility>
#include <vector>

#include "base/array_memory.hpp"
#include "base/narrow.hpp"
#include "components/depth.hpp"
#include "components/peaks.hpp"
#include "components/small_parts.hpp"
#include "components/watershed.hpp"

namespace cleft {
namespace {

Parts split_down(const Array3<std::int64_t>& depth, Array3<std::uint32_t> seeds, std::uint32_t seed_count,
                 std::int64_t min_size, Connectivity connectivity) {
  Parts parts{.count = 0, .numbers = flood_from_seeds(depth, std::move(seeds), connectivity)};
  parts.count = join_small_parts(parts.numbers, seed_count, min_size, connectivity);
  return parts;
}

}  // namespace

Parts split_by_distance(const View3<const std::uint8_t>& component, const VoxelSize& voxel_nm,
                        double apart_nm, std::int64_t min_size, Connectivity connectivity) {
  const auto depth = depth_of(component, voxel_nm);
  const auto peaks = peaks_apart(depth, voxel_nm, apart_nm, connectivity);
  Array3<std::uint32_t> seeds(depth.extent());
  std::uint32_t count = 0;
  for (const std::int64_t peak : peaks) seeds.voxels()[to_size(peak)] = ++count;
  return split_down(depth, std::move(seeds), count, min_size, connectivity);
}

Parts split_from_seeds(const View3<const std::uint8_t>& component, Array3<std::uint32_t> seeds,
                       std::uint32_t seed_count, const VoxelSize& voxel_nm, std::int64_t min_size,
                       Connectivity connectivity) {
  return split_down(depth_of(component, voxel_nm), std::move(seeds), seed_count, min_size, connectivity);
}

std::int64_t split_component_bytes(std::int64_t voxels) {
  // The component, its depth and the numbers; and what waits to be flooded, if that were all voxels. (Before
  // that the distances take half as much.)
  constexpr auto waiting_bytes = narrow<std::int64_t>(sizeof(std::pair<std::int64_t, std::int64_t>));
  return array_memory(voxels) + array_memory(voxels * narrow<std::int64_t>(sizeof(std::int64_t))) +
         array_memory(voxels * narrow<std::int64_t>(sizeof(std::uint32_t))) + waiting_bytes * voxels;
}

}  // namespace cleft
