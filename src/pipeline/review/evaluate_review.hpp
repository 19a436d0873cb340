#pragma once

#include <filesystem>

#include "objects/judge/evaluation.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"
#include "pipeline/review/review_input.hpp"

namespace cleft {

/// How well a run agrees with what people have decided: accepted objects are right, rejected ones false,
/// missed places are missed. Unsure ones and those without a verdict are neither. Not collective.
Evaluation evaluation_of(const RunReview& reviewed);

/// Judges a run by reviews of it, prints the result and writes the files that are asked for, as run_evaluate.
/// Collective over `comm`.
/// \param options  Its reviews, what it says of intervals, ranks and files.
/// \throws CollectiveError as open_review, curve_over_ranks, check_report_targets and write_reports.
void run_evaluate_review(const Communicator& comm, const std::filesystem::path& directory,
                         EvaluateOptions options);

}  // namespace cleft
