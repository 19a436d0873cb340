#include <algorithm>
#include <cmath>
#include <vector>

#include "base/narrow.hpp"
#include "forest/average.hpp"
#include "forest/predict/predict.hpp"

namespace cleft {

namespace {

/// The leaf that one voxel comes to in one tree.
std::int32_t walk(const Forest& forest, std::int32_t root, std::span<const float* const> channels,
                  std::size_t voxel) {
  std::int32_t at = root;
  while (at >= 0) {
    const auto n = to_size(at);
    const auto value = static_cast<double>(channels[to_size(forest.channel[n])][voxel]);
    at = value < forest.threshold[n] ? forest.left[n] : forest.right[n];
  }
  return at;
}

}  // namespace

void predict_reference(const Forest& forest, std::span<const float* const> channels, std::size_t count,
                       std::span<float* const> probabilities) {
  std::vector<float> sums(probabilities.size());
  for (std::size_t v = 0; v < count; ++v) {
    const bool defined = std::none_of(channels.begin(), channels.end(),
                                      [v](const float* values) { return std::isnan(values[v]); });
    for (float* p : probabilities) p[v] = 0;
    if (!defined) continue;
    int tree = 0;
    for (std::size_t f = 0; f < forest_count(forest); ++f) {
      const int first = tree;
      double weight = 0;
      std::fill(sums.begin(), sums.end(), 0.0F);
      for (; tree < forest_end(forest, f); ++tree) {
        const std::int32_t leaf = walk(forest, forest.roots[to_size(tree)], channels, v);
        weight += weight_of(forest, leaf);
        for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += forest.fractions(leaf)[c];
      }
      for (std::size_t c = 0; c < sums.size(); ++c)
        probabilities[c][v] += share_of_forest(forest, mean(sums[c], weight), tree - first);
    }
    for (float* p : probabilities) p[v] = mean_of_forests(forest, p[v]);
  }
}

}  // namespace cleft
