#pragma once

#include <cstdint>

namespace cleft {

/// What CREMI's label volumes hold where nothing is labelled, besides 0.
inline constexpr std::uint64_t cremi_background = ~std::uint64_t{0};

/// Whether a value of a label volume is an object's, and not background.
constexpr bool is_object(std::uint64_t label) {
  return label != 0 && label != cremi_background;
}

}  // namespace cleft
