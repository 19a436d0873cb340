#pragma once

#include <cmath>

namespace cleft {

/// Grey values beyond this are no measurement, but stand for one that is missing, as -3.4e38 does. The
/// eigenvalues of a structure tensor are computed from fourth powers of grey values: from some 1e9 on these
/// are beyond float32, and features are NaN.
inline constexpr float max_usable_grey = 1e9F;

/// Whether features can be computed from a grey value: not from NaN, nor from one beyond max_usable_grey.
inline bool is_usable_grey(float value) {
  return std::abs(value) <= max_usable_grey;
}

}  // namespace cleft
