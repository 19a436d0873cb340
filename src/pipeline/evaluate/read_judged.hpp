#pragma once

#include <cstdint>

#include "objects/judge/probability_score.hpp"
#include "objects/judge/whole_objects.hpp"
#include "pipeline/evaluate/evaluate_inputs.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"

namespace cleft {

/// Detections and truth. Both sides can be known in what truth and labels cover, inside the mask, without the
/// voxels that the truth calls invalid. Of a truth that is a mask all runs are of one object, 1.
struct BothSides {
  SideRuns detected, truth;
};

/// What was read of the judged box.
struct JudgedVoxels {
  BothSides runs;  ///< `judged`; and `whole` of those pieces that hold voxels that are not judged
  ProbabilityHistogram probability;
  std::int64_t not_judged = 0;                         ///< voxels outside the mask or invalid in the truth
  std::int64_t special_labels = 0, special_truth = 0;  ///< voxels of CREMI's special values
};

/// Reads the judged box, piece by piece. Not collective.
/// \throws InputError when a value is no label or no probability; IoError when reading fails.
JudgedVoxels read_judged(const EvaluateInputs& in, const EvaluateOptions& options);

}  // namespace cleft
