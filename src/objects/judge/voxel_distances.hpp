#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/box.hpp"
#include "objects/judge/object_runs.hpp"

namespace cleft {

/// How far off the voxels of detections and truth are, in nm: the measures of the CREMI challenge
/// (cremi.org/metrics) and the same over wrong voxels alone. A mean over nothing, or of distances to nothing,
/// is undefined.
struct VoxelDistances {
  std::optional<double> detected_to_truth{};   ///< ADGT: mean over detected voxels, 0 for those in the truth
  std::optional<double> truth_to_detected{};   ///< ADF: mean over the truth's voxels, 0 for those detected
  std::optional<double> false_to_truth{};      ///< mean over the detected voxels that are not in the truth
  std::optional<double> missed_to_detected{};  ///< mean over the truth's voxels that are not detected

  /// The mean of ADGT and ADF, by which the challenge ranked.
  std::optional<double> cremi_score() const;
};

/// Measures them among the voxels of both, whatever lies beyond. Distances are between centres of voxels,
/// Euclidean and exact (components/distance_transform.hpp): for each section of the other side the distance
/// within that section, and of these with the distance between the sections the least. Memory is 8 bytes for
/// each wrong voxel and 9 for each voxel of the rectangle around all.
///
/// \param detected, truth  In z, y, x order, the runs of one side not overlapping; objects do not matter.
/// \param voxel_nm         Edge lengths of a voxel in nm; positive.
VoxelDistances voxel_distances(std::span<const ObjectRun> detected, std::span<const ObjectRun> truth,
                               const VoxelSize& voxel_nm);

/// What of some runs is in none of the others; runs get cut, and keep their objects.
/// \param runs, others  In z, y, x order, the runs of each not overlapping.
std::vector<ObjectRun> without(std::span<const ObjectRun> runs, std::span<const ObjectRun> others);

}  // namespace cleft
