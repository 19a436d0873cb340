#pragma once

#include <span>
#include <vector>

#include "base/box.hpp"
#include "objects/judge/compare.hpp"
#include "objects/judge/matching.hpp"
#include "objects/judge/object_runs.hpp"

namespace cleft {

// A truth of points, each of which marks an object that nobody has drawn: detections are compared with it by
// how near they come. Places are in voxels of the volume, whose centres are at whole numbers.

/// Every pair of an object and a point of which the centre of the object's nearest voxel is at most
/// `limit_nm` away from the point, with that distance and an overlap of 0; in order of object, then point.
/// Objects are detections and points are truths of the candidates.
///
/// \param runs        In z, y, x order, not overlapping.
/// \param objects     objects_of these runs.
/// \param limit_nm    At least 0.
/// \param voxel_size  In nm.
std::vector<Candidate> pairs_near_points(std::span<const ObjectRun> runs, std::span<const RunObject> objects,
                                         std::span<const PerAxis<double>> points, double limit_nm,
                                         const VoxelSize& voxel_size);

/// Matches detections and points one to one (match_one_to_one: most pairs, of these the smallest sum of
/// distances).
///
/// \param near     Pairs of a detection and a point that may be matched, in order of detection, then point.
/// \param excusing [detection] whether it comes near a point that does not count: unmatched, it is not false.
Comparison compare_with_points(std::size_t points, const std::vector<Candidate>& near,
                               const std::vector<bool>& excusing);

}  // namespace cleft
