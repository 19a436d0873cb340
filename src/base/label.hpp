#pragma once

#include <cstdint>

namespace cleft {

/// The value that CREMI's label volumes hold, besides 0, where there is no object (the CREMI challenge,
/// cremi.org).
inline constexpr std::uint64_t cremi_background = ~std::uint64_t{0};

/// Whether a value of a label volume stands for an object and not for background.
constexpr bool is_object(std::uint64_t label) {
  return label != 0 && label != cremi_background;
}

}  // namespace cleft
