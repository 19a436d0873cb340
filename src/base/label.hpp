#pragma once

#include <cstdint>

namespace cleft {

// Label volumes of the CREMI challenge (cremi.org) have two values, besides 0, that are no object. Types that
// such a volume is converted to have values of their own for them: see io/volume/label_values.hpp.

/// Where there is no object.
inline constexpr std::uint64_t cremi_background = ~std::uint64_t{0};
/// Where nobody can tell: such voxels count in nothing.
inline constexpr std::uint64_t cremi_invalid = cremi_background - 1;

/// Whether a value of a label volume stands for an object and not for background or for what is not judged.
constexpr bool is_object(std::uint64_t label) {
  return label != 0 && label < cremi_invalid;
}

}  // namespace cleft
