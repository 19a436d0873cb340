#pragma once

#include <span>
#include <vector>

#include "base/box.hpp"
#include "objects/judge/matching.hpp"
#include "objects/judge/object_runs.hpp"

namespace cleft {

/// Every pair of a detection and a truth object whose centroids are at most `limit_nm` apart, with its
/// distance and the voxels in common; in order of detection, then truth. Truth objects are sorted into cells
/// as long as the limit, so that time is that of sorting and of what lies near.
///
/// \param overlaps    overlapping_pairs of these objects (objects/judge/compare.hpp).
/// \param limit_nm    At least 0.
/// \param voxel_size  In nm.
std::vector<Candidate> near_pairs(std::span<const RunObject> detections, std::span<const RunObject> truths,
                                  std::span<const Candidate> overlaps, double limit_nm,
                                  const VoxelSize& voxel_size);

}  // namespace cleft
