#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/narrow.hpp"
#include "forest/forest.hpp"

namespace cleft {

// How the leaves that a voxel comes to become its probabilities; the reference and Predictor share it, so
// that they agree in every bit.

/// The average over one forest. (Of a whole number below 2^24 the quotient of doubles rounds to the same
/// float.)
inline float mean(float sum, double weight) {
  return weight > 0 ? sum / static_cast<float>(weight) : 0.0F;
}

/// Where forest `f` ends; a forest that is not divided ends with its trees.
inline int forest_end(const Forest& forest, std::size_t f) {
  return forest.forest_ends.empty() ? forest.tree_count() : forest.forest_ends[f];
}

inline std::size_t forest_count(const Forest& forest) {
  return std::max<std::size_t>(forest.forest_ends.size(), 1);
}

/// What a forest of `trees` trees adds to the weighted average over forests; one alone is its own average.
inline float share_of_forest(const Forest& forest, float mean, int trees) {
  return forest.forest_ends.empty() ? mean : mean * narrow<float>(trees);
}

inline float mean_of_forests(const Forest& forest, float sum) {
  return forest.forest_ends.empty() ? sum : sum / narrow<float>(forest.tree_count());
}

inline double weight_of(const Forest& forest, std::int32_t leaf_reference) {
  const std::int32_t leaf = ~leaf_reference;
  return forest.leaf_weights.empty() ? 1.0 : forest.leaf_weights[to_size(leaf)];
}

}  // namespace cleft
