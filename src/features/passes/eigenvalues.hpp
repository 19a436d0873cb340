#pragma once

#include <span>

#include "base/array3.hpp"

namespace cleft::features {

/// Eigenvalues of a symmetric 2 x 2 or 3 x 3 matrix per voxel, in float, in descending order. The order of
/// operations is fixed and none is fused, so that every processor gives the same bits.
///
/// 2 x 2: t = (a + c) / 2, d = sqrt(((a - c) / 2)^2 + b^2), t + d and t - d.
/// 3 x 3: the trigonometric solution of the characteristic cubic (Smith 1961) of the matrix divided by its
/// largest entry, with the polynomials named in eigenvalues_constants.hpp for atan2, sine and cosine: the
/// method of ilastik's feature filters. It has a flaw that is reproduced, since forests were trained on its
/// values: evenly spaced eigenvalues come out as if two of them were equal, unless rounding hides that they
/// are evenly spaced.
///
/// \param entries  2 x 2: a, b, c of (a b; b c). 3 x 3: a00, a01, a02, a11, a12, a22.
/// \param values   Two or three: the largest first.
/// \pre All views have the same extent; `values` share no memory with `entries`.
void eigenvalues(std::span<const View3<const float>> entries, std::span<const View3<float>> values);

namespace reference {
/// The same in plain scalar code, which the vector code is tested against.
void eigenvalues(std::span<const View3<const float>> entries, std::span<const View3<float>> values);
}  // namespace reference

}  // namespace cleft::features
