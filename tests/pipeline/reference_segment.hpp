#pragma once

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "objects/object_table.hpp"
#include "pipeline/segment.hpp"
#include "support/masks.hpp"

namespace cleft::test {

/// What segment should find, by plain serial means: a mask per ratio, flooding, and sums voxel by voxel.
struct ReferenceResult {
  Array3<std::uint64_t> labels;
  std::string table;
};

/// Mask of f > ratio (1 - f), f = v / 255, without smoothing.
inline Array3<std::uint8_t> plain_mask(const Array3<std::uint8_t>& probability, double ratio) {
  Array3<std::uint8_t> mask(probability.extent());
  for (std::size_t i = 0; i < mask.voxels().size(); ++i) {
    const float f = static_cast<float>(probability.voxels()[i]) / 255.0F;
    mask.voxels()[i] = f > static_cast<float>(ratio) * (1.0F - f);
  }
  return mask;
}

/// \pre The job's sigma is 0 and its probabilities are `probability`.
inline ReferenceResult reference_segment(const Array3<std::uint8_t>& probability, const SegmentJob& job) {
  const auto& options = job.threshold.options;
  const Extent volume = probability.extent();
  const auto components =
      flood_fill(plain_mask(probability, options.reference_ratio).view(), job.threshold.connectivity);
  const auto cores =
      flood_fill(plain_mask(probability, options.core_ratio).view(), job.threshold.connectivity);

  std::map<std::uint64_t, ComponentSums> sums;
  std::map<std::uint64_t, std::map<std::uint64_t, std::int64_t>> core_sizes;  // by component, then by core
  for (std::int64_t i = 0; i < voxel_count(volume); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto component = components.voxels()[at];
    if (component == 0) continue;
    add_run(sums[component], voxel_at(i, volume), probability.voxels().subspan(at, 1), volume);
    if (cores.voxels()[at] != 0) ++core_sizes[component][cores.voxels()[at]];
  }

  std::vector<Synapse> rows;
  std::map<std::uint64_t, std::uint64_t> ids;  // components are numbered by first voxel already
  for (const auto& [component, sum] : sums) {
    CoreSums core;
    for (const auto& [number, size] : core_sizes[component]) {
      core.count += 1;
      core.voxels += size;
      core.largest = std::max(core.largest, size);
    }
    if (sum.size < job.bounds.min || sum.size > job.bounds.max || core.largest < job.bounds.min) continue;
    ids[component] = rows.size() + 1;
    rows.push_back(describe_synapse(rows.size() + 1, sum, core, probability_steps<std::uint8_t>, volume,
                                    job.voxel_size));
  }
  ReferenceResult result{Array3<std::uint64_t>(volume), object_table_csv(rows)};
  for (std::size_t i = 0; i < result.labels.voxels().size(); ++i) {
    const auto id = ids.find(components.voxels()[i]);
    result.labels.voxels()[i] = id == ids.end() ? 0 : id->second;
  }
  return result;
}

}  // namespace cleft::test
