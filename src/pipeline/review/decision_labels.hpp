#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/files/publish.hpp"
#include "io/volume/labels.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/review/review_input.hpp"
#include "pipeline/review/review_options.hpp"

namespace cleft {

/// Training labels that decisions give, thinned. On rank 0; elsewhere only the counts.
struct DecisionLabels {
  std::vector<LabelledVoxel> voxels{};  ///< in z, y, x order
  std::vector<std::int64_t> counts{};   ///< [class] of these
  std::vector<std::int64_t>
      found{};                 ///< [class] of all voxels that decisions label, before they were thinned
  std::string rejected_are{};  ///< what rejected voxels are labelled with, in words; empty where none are
};

/// What decisions teach: the voxels of rejected objects are of another class than the foreground
/// (taught_classes), the cores of accepted ones and balls around missed places of the foreground. A voxel
/// both in a ball and in a rejected object stays unlabelled, and so does what the configuration's own labels
/// label: `cleft train` takes a voxel from one entry of `labels` only. An entry that cannot be read is warned
/// about. Then each class is thinned (ClassDraw)
/// to fair_limit. Objects are shared out over ranks and read in pieces; the result is the same for any ranks,
/// threads and memory. Collective over `comm`.
/// \throws CollectiveError on every rank: as taught_classes, find_run_probability and ObjectClasses; where
///         there are missed places, but no voxel size; and where no voxel is to be labelled.
DecisionLabels labels_of_decisions(const Communicator& comm, const RunReview& reviewed,
                                   const LabelOutput& options);

/// Writes them as a label volume, /labels, of the run's volume: uint8, 0 where nothing is labelled, with the
/// volume's voxel size and offset and the names of the classes. Not collective: for rank 0.
/// \throws CollectiveError (on this rank) when it cannot be written.
UnpublishedFile write_decision_labels(const RunReview& reviewed, const DecisionLabels& labels,
                                      const std::filesystem::path& file);

}  // namespace cleft
