#pragma once

#include "base/box.hpp"
#include "config/value_kind.hpp"

namespace cleft {

/// A box, `[z0:z1, y0:y1, x0:x1]` in voxels, half-open; a number that is left out is the axis's begin or end
/// (end_of_axis). In quotes or not, as a list or as one text: YAML takes a colon with nothing or a blank
/// behind it for that of a key, and what it makes of that is turned back into what was written.
ValueKind<Box> box_of_ranges();

}  // namespace cleft
