#pragma once

#include <array>

#include "base/array3.hpp"
#include "features/scale.hpp"

namespace cleft {

/// Where one feature of a tile goes: one view per channel, of the tile's extent.
struct FeatureOutput {
  FeatureKind kind = FeatureKind::gaussian_smoothing;
  std::array<View3<float>, 3> channels;  ///< as many as the feature has
};

}  // namespace cleft
