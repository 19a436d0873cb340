#pragma once

#include <string_view>

namespace cleft {

/// How many nm a unit of length is that a file names: "nm", "um", "µm", "micron", "Å", "mm", ..., also with
/// "\u00B5" written out, as ImageJ does.
/// \returns 0 for what is no length of the metric system ("pixel", "inch", ""): no voxel is measured in it.
double nm_per_unit(std::string_view unit);

}  // namespace cleft
