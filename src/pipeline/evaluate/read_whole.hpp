#pragma once

#include "pipeline/evaluate/evaluate_inputs.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"
#include "pipeline/evaluate/read_judged.hpp"

namespace cleft {

/// Reads on as far as objects reach that have a voxel in the judged box, and leaves only those
/// (keep_judged_objects). How is said at read_until_whole (surroundings.hpp); memory holds runs of what was
/// read. Not collective.
///
/// \param runs  Of the judged box, as read_judged gives them.
/// \throws InputError when a value is no label; IoError when reading fails.
void read_whole_objects(const EvaluateInputs& in, const EvaluateOptions& options, BothSides& runs);

}  // namespace cleft
