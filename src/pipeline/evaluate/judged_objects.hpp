#pragma once

#include <vector>

#include "objects/judge/object_runs.hpp"
#include "objects/judge/whole_objects.hpp"
#include "pipeline/evaluate/evaluate_inputs.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"
#include "pipeline/evaluate/read_judged.hpp"

namespace cleft {

/// The objects of one side that have a voxel in what is judged.
struct ObjectsOfSide {
  std::vector<ObjectRun> runs;  ///< of the voxels where both sides can be known; z, y, x order, maximal
  /// [object, in order of id] how far it reaches; empty when nothing lies beyond what is judged, or objects
  /// are cut to it.
  std::vector<Reach> reach;
};
struct JudgedObjects {
  ObjectsOfSide detected, truth;
};

/// Both sides as objects: whole, as far as both can be known, or cut to what is judged. Reads on where
/// objects reach beyond that (read_whole_objects). Not collective.
/// \param found  Of the judged box, as read_judged gives it; its runs are used up.
/// \throws InputError when a value is no label; IoError when reading fails.
JudgedObjects judged_objects(const EvaluateInputs& in, const EvaluateOptions& options, JudgedVoxels& found);

}  // namespace cleft
