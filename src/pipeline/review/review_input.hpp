#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "config/config.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/detect/input_identity.hpp"
#include "pipeline/report/report_input.hpp"
#include "review/review.hpp"

namespace cleft {

/// A finished run and what people have decided on its objects. The same on every rank but for what
/// FinishedRun says, and for `review.conflicts`, which only rank 0 has.
struct RunReview {
  FinishedRun run;
  MergedReview review;
};

/// Opens a finished run, and reads and merges reviews of it. Marks are compared with the run's labels
/// (take_marks_in_objects). A line in the log names each object of which they say different things, and each
/// mark that lies in an object. Collective over `comm`.
/// \param config   Names the run directory.
/// \param reviews  Files of the report's page; at least one.
/// \throws CollectiveError as open_finished_run and read_review, and where a folder stands under the name of
///         the run's report that is none.
RunReview open_review(const Communicator& comm, const Config& config,
                      std::span<const std::filesystem::path> reviews, OtherInput other);

/// The same of a run whose grey values nobody needs (open_run_results): to judge it. Collective over `comm`.
/// \throws as above
RunReview open_review_of_results(const Communicator& comm, const Config& config,
                                 std::span<const std::filesystem::path> reviews);

/// What has been decided, verdicts by id and missed places, as it came of merging: 16 hexadecimal digits, the
/// same for the same decisions, whoever made them. Objects without a verdict are not in it.
std::string decisions_checksum(const MergedReview& review);

}  // namespace cleft
