#pragma once

#include "objects/judge/evaluation.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"

namespace cleft {

/// Refuses what the files that are asked for could not be written to: a folder that is not there, or a file
/// that is no earlier report of the same kind. Not collective.
/// \throws InputError naming the file.
void check_report_targets(const EvaluateOptions& options);

/// Writes the files that are asked for: the JSON report; the curve as a table and as a picture. Each appears
/// when it is complete. Not collective.
/// \throws IoError when one cannot be written.
void write_reports(const EvaluateOptions& options, const Evaluation& evaluation);

}  // namespace cleft
