#pragma once

#include "parallel/communicator.hpp"
#include "pipeline/review/review_options.hpp"

namespace cleft {

/// Brings what people have decided on a run's objects to effect: merges their reviews, writes the run's
/// files without rejected objects (write_reviewed_files), training labels where they are asked for
/// (labels_of_decisions), and gives all files their names in one step, the table last. Prints how many
/// objects are judged how, and the precision where a fair sample of the run was judged. The files' bytes
/// depend on the run, the reviews and the options alone. The run directory is this process's alone meanwhile.
/// Collective over `comm`.
/// \throws CollectiveError on every rank: as open_review, write_reviewed_files and labels_of_decisions, and
///         where the labels' file may not be replaced, or another process works in the run directory. Then
///         nothing has changed.
void run_review(const Communicator& comm, const ReviewOptions& options);

}  // namespace cleft
