#pragma once

#include <string>

#include "pipeline/evaluate/evaluate_options.hpp"

namespace cleft {

/// Where the result is judged of a run that was made in a mask.
enum class RunMask {
  made_in,   ///< in the mask that it was made in
  as_it_is,  ///< in the mask that is there now, although it may be another one
  nowhere,   ///< everywhere: what lies outside the mask counts too
};

/// Fills in what a result says of itself. A run directory means its labels, its probability (where
/// options.probability names none), the mask that they were made in (the configuration's, or the one of the
/// ilastik project that was the model), and of its configuration: where it trusted its own voxel size more
/// than files, that one (where options.voxel_size states none), and its foreground (where options.truth_class
/// names none). Anything else is a label volume. A path without a dataset means cleft's own where the file
/// has it, also options.probability.
///
/// Which mask detections were made in is what their file says, by content. Not collective.
/// \throws InputError when it is not there any more, or is another one: everything or another mask would be
///         judged by numbers that mean something else. IoError when a file cannot be read.
void locate_result(EvaluateOptions& options, const std::string& result, RunMask mask);

}  // namespace cleft
