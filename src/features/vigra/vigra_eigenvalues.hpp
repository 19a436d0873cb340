#pragma once

#include <span>

#include "base/array3.hpp"

namespace cleft::features {

/// Eigenvalues of a symmetric 2 x 2 or 3 x 3 matrix per voxel, in descending order, with VIGRA 1.11's mix of
/// float and double: sums and products of entries alone are floats, everything after that is double, the
/// result is rounded to float. Its hypot, atan2, sine and cosine are the C library's.
///
/// 2 x 2: d = hypot(a - c, 2 b), (a + c + d) / 2 and (a + c - d) / 2.
/// 3 x 3: the trigonometric solution of the characteristic cubic.
///
/// \param entries  2 x 2: a, b, c of (a b; b c). 3 x 3: a00, a01, a02, a11, a12, a22.
/// \param values   Two or three: the largest first.
/// \pre All views have the same extent; `values` share no memory with `entries`.
void vigra_eigenvalues(std::span<const View3<const float>> entries, std::span<const View3<float>> values);

}  // namespace cleft::features
