#pragma once

#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "forest/samples.hpp"
#include "forest/train_options.hpp"

namespace cleft::forest {

/// What a tree is grown from that judges whole strokes.
struct StrokeBag {
  std::vector<std::uint32_t> draws;  ///< [sample] how often it was drawn: 0 of strokes that are left out
  /// The samples of strokes that are left out, but for those of a class of which every stroke is; ascending.
  std::vector<std::uint32_t> judged;
};

/// Draws as many strokes as there are, with replacement; those that are not drawn are left out. Of the other
/// strokes' samples as many are drawn as they are, in the way of draw_bag.
///
/// \pre samples.strokes has the stroke of each sample; at least one and fewer than 2^32 samples.
StrokeBag draw_stroke_bag(const Samples& samples, ClassBalance balance, Random& random);

}  // namespace cleft::forest
