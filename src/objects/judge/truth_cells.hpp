#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/box.hpp"
#include "objects/judge/compare.hpp"
#include "objects/judge/nearest_point.hpp"

namespace cleft {

/// A truth object or point, and what settings make of it and around it: the *cell* that is drawn as one where
/// settings are compared by drawing again (selection_bias). What is not judged is in none of the counts.
struct CellOutcome {
  std::int64_t matched = 0;      ///< 1: it is found
  std::int64_t missed = 0;       ///< 1: it is not
  std::int64_t false_found = 0;  ///< false detections to which no truth object is nearer

  friend bool operator==(const CellOutcome&, const CellOutcome&) = default;
};

/// Shares out what was found and what was missed. A false detection belongs to the nearest truth object,
/// whether that is judged or not; the counts add up to comparison.agreement().
/// \param nearest     Of the truth objects' centroids or of the points.
/// \param truths      How many of these there are, at least 1.
/// \param detections  [detection of `comparison`] their centroids in voxels.
/// \returns           [truth]
std::vector<CellOutcome> truth_cells(const Comparison& comparison, const NearestPoint& nearest,
                                     std::size_t truths, std::span<const PerAxis<double>> detections);

/// What a setting finds of which a truth that is people's verdicts says nothing, so that it is neither right
/// nor wrong.
struct UnknownObjects {
  std::int64_t all = 0;
  std::int64_t unseen = 0;  ///< of these, such that nobody could judge: none of their voxels was found then
};

/// How a setting agrees with a truth, altogether and cell by cell.
struct Judged {
  Agreement agreement;
  std::vector<CellOutcome> cells;  ///< [truth]; none where there is no truth object
  UnknownObjects unknown{};        ///< where the truth is verdicts
};

}  // namespace cleft
