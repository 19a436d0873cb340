#pragma once

#include <cstdint>

namespace cleft {

/// A probability as it is stored in uint8: round(255 p), halves away from zero as std::lround has them.
/// Without a call for each voxel: what 255 p has beyond a whole number is exact, so that comparing it with a
/// half is rounding.
/// \pre 0 <= p <= 1
inline std::uint8_t stored_probability_byte(float p) {
  const float steps = 255.0F * p;
  const auto whole = static_cast<int>(steps);
  return static_cast<std::uint8_t>(whole + (steps - static_cast<float>(whole) >= 0.5F ? 1 : 0));
}

}  // namespace cleft
