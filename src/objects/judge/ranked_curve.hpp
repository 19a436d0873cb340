#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "objects/judge/compare.hpp"

namespace cleft {

/// How objects agree when only those detections count whose rank is at least a threshold, for each threshold
/// that makes a difference: what a user gets who looks at the best-ranked ones first.
struct RankedCurve {
  struct Point {
    double rank = 0;      ///< the threshold
    Agreement agreement;  ///< of the detections of at least this rank
  };
  std::string rank;           ///< what detections are ranked by, for people: "decisive_ratio"
  std::vector<Point> points;  ///< from the highest rank to the lowest
  std::int64_t truths = 0;    ///< that are to be found, also where there is no detection
  /// Sum over the points of (recall_i − recall_(i−1)) precision_i, as ProbabilityScore has it for voxels: the
  /// area under the curve as far as there are detections. Nothing where there was nothing to find.
  std::optional<double> average_precision;

  /// The point of the largest F1, the one of the highest rank among equals; null where F1 is undefined.
  const Point* best() const;
};

/// At each threshold as many pairs count as can be matched one to one among the detections of at least that
/// rank; of detections that compete for a truth object the one of higher rank has it. What could be matched
/// with a truth object too small to judge, or is unmatched and lies mostly outside, is false at no threshold.
/// All truth objects that are matched or missed without a threshold are to be found at each.
///
/// \param comparison  Of the objects.
/// \param ranks       [detection] its rank; NaN is below all others. Detections of one rank count together.
/// \param reach       [detection] how far it reaches; empty: nothing reaches beyond what is judged.
RankedCurve ranked_curve(const Comparison& comparison, std::span<const double> ranks,
                         std::span<const Reach> reach);

/// The curve as CSV: a header line, then one line per point, numbers as short as they read back the same. A
/// share of nothing is an empty cell.
std::string curve_csv(const RankedCurve& curve);
/// The header line's columns behind the first, which is the rank's name: no other table begins like that.
inline constexpr auto curve_columns = "detections,matched,false,missed,precision,recall,f1";

}  // namespace cleft
