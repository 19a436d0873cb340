#pragma once

#include <array>
#include <span>

#include "features/channel_sink.hpp"
#include "features/scale.hpp"

namespace cleft::features {

/// One feature of a tile and the sink's channels that it becomes.
struct FeatureOutput {
  static constexpr int none = -1;

  FeatureKind kind = FeatureKind::gaussian_smoothing;
  std::array<int, 3> channels{none, none, none};  ///< as many as the feature has; the rest are `none`
};

/// Calls body(channel) for each channel of some outputs.
template <class Body>
void for_each_channel(std::span<const FeatureOutput> outputs, const Body& body) {
  for (const FeatureOutput& output : outputs)
    for (const int channel : output.channels)
      if (channel != FeatureOutput::none) body(channel);
}

}  // namespace cleft::features
