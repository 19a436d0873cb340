#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/box.hpp"
#include "objects/judge/matching.hpp"
#include "objects/judge/object_runs.hpp"

namespace cleft {

/// When a detection and a truth object may be matched.
struct MatchOptions {
  enum class Criterion { overlap, iou, centroid_distance };
  Criterion criterion = Criterion::overlap;
  std::int64_t overlap_voxels = 1;  ///< overlap: at least so many voxels in common
  double iou = 0;                   ///< iou: intersection over union at least this, and a voxel in common
  double distance_nm = 0;           ///< centroid_distance: centroids at most so far apart
};

/// Counts of things found and not, and what follows from them.
struct Agreement {
  std::int64_t matched = 0, false_found = 0, missed = 0;

  /// matched / all found; 1 when nothing was found and nothing was to be found, 0 when only nothing was
  /// found.
  double precision() const;
  /// matched / all that was to be found; 1 when that is nothing.
  double recall() const;
  /// Harmonic mean of both; 1 when nothing was found and nothing was to be found.
  double f1() const;
};

/// How detections and truth objects relate.
struct Comparison {
  std::vector<Candidate> matches;             ///< indices into the objects given
  std::vector<std::size_t> false_detections;  ///< indices of detections, ascending
  std::vector<std::size_t> missed_truths;     ///< indices of truth objects, ascending
  std::int64_t ignored_truths = 0;            ///< smaller than asked for

  Agreement agreement() const;
};

/// Pairs of objects that share voxels, with their number; by detection, then truth. The distances are left 0.
/// \param detected_runs, truth_runs  In z, y, x order; runs of one side do not overlap.
/// \param detections, truths         objects_of these runs.
std::vector<Candidate> overlapping_pairs(std::span<const ObjectRun> detected_runs,
                                         std::span<const ObjectRun> truth_runs,
                                         const std::vector<RunObject>& detections,
                                         const std::vector<RunObject>& truths);

/// Matches objects one to one (match_one_to_one) among the pairs that satisfy the criterion. Truth objects
/// under `min_truth_size` voxels are ignored: they are never missed, and what could be matched with one is
/// not false.
///
/// \param overlaps    overlapping_pairs of these objects.
/// \param voxel_size  In nm; read by centroid_distance only.
Comparison compare_objects(const std::vector<RunObject>& detections, const std::vector<RunObject>& truths,
                           const std::vector<Candidate>& overlaps, const MatchOptions& options,
                           std::int64_t min_truth_size, const VoxelSize& voxel_size);

}  // namespace cleft
