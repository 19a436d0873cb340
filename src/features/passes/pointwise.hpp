#pragma once

#include <span>

#include "base/array3.hpp"

namespace cleft::features {

// Arithmetic voxel by voxel in float, each operation rounded on its own. All views have the same extent;
// `out` shares no memory with the inputs.

/// out = a * b
void multiply(View3<const float> a, View3<const float> b, View3<float> out);
/// out = a - b
void subtract(View3<const float> a, View3<const float> b, View3<float> out);
/// Sum of two or three terms, from the first on.
void add_up(std::span<const View3<const float>> terms, View3<float> out);
/// Length of the vector with these two or three components; their squares are summed from the first on.
void magnitude(std::span<const View3<const float>> components, View3<float> out);

}  // namespace cleft::features
