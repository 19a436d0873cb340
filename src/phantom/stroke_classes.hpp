#pragma once

#include <cstdint>
#include <vector>

#include "phantom/options.hpp"
#include "phantom/phantom_class.hpp"

namespace cleft {

/// Which classes brush strokes label.
struct StrokeClasses {
  std::vector<PhantomClass> missing;
  bool certain = true;  ///< false: there are too many voxels to look, and nothing is known
};

/// Looks for them before a phantom is made: makes its labelled sections until every class has been seen.
/// Nothing is missing where no section is to have strokes. Not collective.
/// \param max_voxels  How many voxels the labelled sections may have; each takes about a microsecond.
/// \throws InputError when an option is out of range.
StrokeClasses look_for_strokes(const PhantomOptions& options, std::int64_t max_voxels);

}  // namespace cleft
