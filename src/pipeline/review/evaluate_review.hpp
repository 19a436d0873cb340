#pragma once

#include <filesystem>

#include "objects/judge/evaluation.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"
#include "pipeline/review/review_input.hpp"

namespace cleft {

/// How well a run agrees with what people have decided: accepted synapses are right, rejected ones false;
/// accepted candidates, which the run does not report, and missed places are missed. Unsure ones and those
/// without a verdict are neither, and rejected candidates are nothing. That is what ReviewJudge says of the
/// run's own settings. Without intervals. Not collective.
Evaluation evaluation_of(const RunReview& reviewed);

/// Adds intervals by resampling the decided objects, where these are a random sample of the run's synapses,
/// or all: others are chosen by nobody's rule, and resampling them tells nothing of the run. Those of recall
/// and F1 only where every synapse is decided: of a sample the marks in the whole volume are no part. Not
/// collective.
void add_intervals(const RunReview& reviewed, const BootstrapOptions& bootstrap, Evaluation& result);

/// Judges a run by reviews of it, prints the result and writes the files that are asked for, as run_evaluate.
/// Collective over `comm`.
/// \param options  Its reviews, what it says of intervals, ranks and files.
/// \throws CollectiveError as open_review_of_results, curve_over_ranks, check_report_targets and
///         write_reports.
void run_evaluate_review(const Communicator& comm, const std::filesystem::path& directory,
                         EvaluateOptions options);

}  // namespace cleft
