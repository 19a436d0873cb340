#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "objects/judge/bootstrap.hpp"
#include "objects/judge/compare.hpp"
#include "objects/judge/object_runs.hpp"
#include "objects/judge/probability_score.hpp"
#include "objects/judge/ranked_curve.hpp"
#include "objects/judge/review_truth.hpp"
#include "objects/judge/voxel_distances.hpp"

namespace cleft {

/// A half-open range of sections of the volume.
struct Sections {
  std::int64_t begin = 0, end = 0;
};

/// What is said of a truth of marked points, besides the sites in Evaluation::truths.
struct PointTruth {
  std::string of_class;      ///< of the sites
  std::int64_t ignored = 0;  ///< points of class `ignore`
  std::int64_t outside = 0;  ///< points of the sites' class that are not judged
};

/// How well detections agree with a truth.
struct Evaluation {
  Sections sections;                    ///< those that are judged
  std::optional<Box> part;              ///< where of these only a part is judged: the box, in the volume
  std::int64_t voxels_judged = 0;       ///< of that box
  std::int64_t voxels_not_judged = 0;   ///< outside the mask, or invalid in the truth
  std::optional<VoxelSize> voxel_size;  ///< in nm, when known
  PerAxis<double> offset;               ///< in nm: where the volume lies, see base/place.hpp
  MatchOptions match;
  Agreement voxels;                             ///< of the labels, voxel by voxel
  std::optional<VoxelDistances> distances{};    ///< of the labels' voxels, when asked for
  bool judges_probability = false;              ///< whether that was asked for
  std::optional<ProbabilityScore> probability;  ///< nothing also when the truth is empty
  /// Those with a voxel in what is judged: as far as both sides can be known, or cut to what is judged;
  /// positions in the volume.
  std::vector<RunObject> detections, truths;
  /// [object] how far they reach; empty when nothing lies beyond what is judged, or objects are cut to it.
  std::vector<Reach> detection_reach{}, truth_reach{};
  Comparison objects;
  /// Where the truth is points: those that are to be found are `truths`, their ids the lines of the table,
  /// without voxels; nothing is said of voxels.
  std::optional<PointTruth> points{};
  /// Where the truth is people's verdicts; nothing is said of voxels or of what is judged.
  std::optional<ReviewTruth> review{};
  BootstrapOptions bootstrap{.resamplings = 0};  ///< how intervals were found; none of 0 resamplings
  AgreementIntervals intervals{};                ///< of the objects' agreement
  std::optional<RankedCurve> curve{};            ///< where objects have ranks
};

/// The evaluation as text for people: a few lines of figures, then the missed and the false objects with
/// their positions. A share of nothing is "undefined".
std::string to_text(const Evaluation& evaluation);

/// The evaluation as JSON for programs: everything that to_text says, at full precision, and the matched
/// pairs. A share of nothing is null.
std::string to_json(const Evaluation& evaluation);

/// Whether a text is an evaluation as to_json writes it; only the names of its outermost members are checked.
/// Stops reading at the first character that is not JSON.
bool is_report(std::istream& text);

}  // namespace cleft
