#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/box.hpp"
#include "objects/judge/matching.hpp"
#include "objects/judge/object_runs.hpp"
#include "objects/judge/whole_objects.hpp"

namespace cleft {

/// Which detections and truth objects may be matched with each other.
struct MatchOptions {
  enum class Criterion { overlap, iou, centroid_distance, point_distance, verdict };
  Criterion criterion = Criterion::overlap;
  std::int64_t overlap_voxels = 1;  ///< overlap: they have at least so many voxels in common
  double iou = 0;                   ///< iou: intersection over union is at least this, and not 0
  /// centroid_distance: their centroids are at most so far apart; point_distance: the truth is points, and
  /// the detection's nearest voxel is (objects/judge/near_points.hpp). verdict: a person has said so.
  double distance_nm = 0;
};

/// How many things (objects, voxels) were found rightly, wrongly and not at all, and what follows from that.
/// A share of nothing is undefined: 0 / 0 is neither good nor bad.
struct Agreement {
  std::int64_t matched = 0, false_found = 0, missed = 0;

  /// matched / (matched + false_found); nothing when nothing was found.
  std::optional<double> precision() const;
  /// matched / (matched + missed); nothing when there was nothing to find.
  std::optional<double> recall() const;
  /// 2 matched / (2 matched + false_found + missed), the harmonic mean of both where both are defined;
  /// nothing when nothing was found and there was nothing to find.
  std::optional<double> f1() const;
};

/// How detections and truth objects relate.
struct Comparison {
  std::vector<Candidate> matches;             ///< one to one, by detection
  std::vector<std::size_t> false_detections;  ///< indices of detections, ascending
  std::vector<std::size_t> missed_truths;     ///< indices of truth objects, ascending
  std::int64_t ignored_truths = 0;            ///< truth objects too small to be judged
  /// Neither right nor wrong (set_apart_outside): indices, ascending.
  std::vector<std::size_t> not_judged_detections{}, not_judged_truths{};
  std::vector<Candidate> candidates{};  ///< all pairs that satisfy the criterion, by detection, then truth
  std::vector<bool> excused{};  ///< [detection] whether it could be matched with an ignored truth object
  std::int64_t matched_truths_outside = 0;  ///< matches whose truth object lies mostly outside

  Agreement agreement() const;
};

/// Pairs of objects that share voxels, with the number of these voxels; in order of detection, then truth.
/// Their distances are left 0.
/// \param detected_runs, truth_runs  In z, y, x order; runs of one side do not overlap.
/// \param detections, truths         objects_of these runs.
std::vector<Candidate> overlapping_pairs(std::span<const ObjectRun> detected_runs,
                                         std::span<const ObjectRun> truth_runs,
                                         const std::vector<RunObject>& detections,
                                         const std::vector<RunObject>& truths);

/// Matches detections and truth objects one to one (match_one_to_one) among the pairs that satisfy the
/// criterion.
///
/// \param overlaps        overlapping_pairs of these objects.
/// \param min_truth_size  Truth objects of fewer voxels are ignored: they never count as missed, and a
///                        detection that could be matched with one never counts as false.
/// \param voxel_size      In nm; only used by centroid_distance.
Comparison compare_objects(const std::vector<RunObject>& detections, const std::vector<RunObject>& truths,
                           const std::vector<Candidate>& overlaps, const MatchOptions& options,
                           std::int64_t min_truth_size, const VoxelSize& voxel_size);

/// Sets apart what is unmatched and lies mostly outside what is judged: such detections are not false and
/// such truth objects are not missed, since what is judged is but their smaller part. Matches stay, wherever
/// they lie; those of such truth objects are counted.
///
/// \param detections, truths  [object] how far it reaches; empty: nothing reaches beyond what is judged.
void set_apart_outside(Comparison& comparison, std::span<const Reach> detections,
                       std::span<const Reach> truths);

}  // namespace cleft
