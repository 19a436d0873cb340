#pragma once

#include <cstdint>
#include <vector>

#include "objects/judge/evaluation.hpp"
#include "objects/judge/object_runs.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"

namespace cleft {

/// Compares detections with a truth, which may be of any part of the labels. Judged is the part that both
/// cover, or a box or sections of it, without the voxels outside the mask and those that the truth calls
/// invalid. Voxels are counted there alone; objects that have a voxel there are looked at whole, and what is
/// unmatched and lies mostly elsewhere is neither right nor wrong (set_apart_outside). Reads the volumes box
/// by box, beyond what is judged as far as its objects reach, and keeps runs, not voxels. Warned about are a
/// truth of which one object fills more than half of what is judged, one without an object in it, and
/// CREMI's special values where they leave no object.
///
/// Points instead of a truth volume: as evaluate_points.
///
/// \throws InputError when files do not fit each other or the options (also by their voxel sizes), when
///         nothing says where a truth of another extent lies or two things say it differently, when sigma is
///         larger than the volume, or when a voxel size is lacking that is needed; IoError when reading
///         fails.
Evaluation evaluate(const EvaluateOptions& options);

/// What of both sides lies in one section of the labels, as runs: `object` is the id of one of
/// Evaluation::detections or Evaluation::truths.
struct JudgedSection {
  std::int64_t z = 0;
  std::vector<ObjectRun> detections{}, truths{};
};

/// The same, and fills in the runs of the section z.
/// \pre The truth is a volume, not points.
Evaluation evaluate(const EvaluateOptions& options, JudgedSection& section);

/// Evaluates on rank 0, prints the result to standard output and writes the JSON file. Collective.
///
/// \throws CollectiveError on every rank with what evaluate() threw, or when the JSON file cannot be written.
void run_evaluate(const Communicator& comm, const EvaluateOptions& options);

}  // namespace cleft
