#pragma once

#include <filesystem>

#include "base/files/publish.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/review/review_input.hpp"

namespace cleft {

/// The files of a run without what people have rejected, complete and not yet published; empty on other ranks
/// than 0.
struct ReviewedFiles {
  UnpublishedFile labels, table;
  /// The name that an earlier table of a review is kept under, which is not what was written: somebody has
  /// worked on it. Empty where there is none.
  std::filesystem::path keep_as{};
};

/// Writes synapses_reviewed.h5 and synapses_reviewed.csv: the run's synapse file and its table without
/// rejected objects; numbers stay, and the column `verdict` says what people have said. Accepted candidates
/// stay candidates. Blocks are of one extent whatever the memory, so that the files' bytes depend on the run
/// and the decisions alone. Each rank holds the runs of its blocks, as segment does. Collective over `comm`.
/// \throws CollectiveError on every rank: when somebody else's file has one of the names, when blocks do not
///         fit run.memory_per_rank, or when a file cannot be read or written.
ReviewedFiles write_reviewed_files(const Communicator& comm, const RunReview& reviewed);

}  // namespace cleft
