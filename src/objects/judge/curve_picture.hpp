#pragma once

#include <string>

#include "objects/judge/ranked_curve.hpp"

namespace cleft {

/// The curve as a picture in SVG 1.1, 720 × 560: recall from left to right and precision upwards, both from 0
/// to 1; steps whose area is the average precision; the points of all detections and of the largest F1 marked
/// and named.
std::string curve_svg(const RankedCurve& curve);

/// What the second line of every such picture says.
inline constexpr auto curve_picture_mark = "<!-- precision and recall, by cleft evaluate -->";

}  // namespace cleft
