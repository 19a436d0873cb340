#pragma once

#include <optional>

#include "objects/judge/evaluation.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"

namespace cleft {

/// What detections are ranked by where nobody says: their decisive ratio.
inline constexpr auto usual_rank = "decisive_ratio";

/// The curve over the ranks that the table beside the labels has for them (objects/files/object_column.hpp).
/// Not collective.
///
/// \param evaluation  Its objects are matched.
/// \returns  Nothing where nobody asked for it and the table, if there is one, has no decisive_ratio.
/// \throws   InputError when the rank that is asked for is not there, or a detection has no row in the table;
///           IoError when the file cannot be read.
std::optional<RankedCurve> curve_over_ranks(const EvaluateOptions& options, const Evaluation& evaluation);

}  // namespace cleft
