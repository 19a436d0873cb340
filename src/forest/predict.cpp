#include "forest/predict.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace cleft {

namespace {

/// The least float that is not below `threshold`: for every float x, x < result exactly when double(x) <
/// threshold.
float float_threshold(double threshold) {
  const auto nearest = static_cast<float>(threshold);
  if (static_cast<double>(nearest) >= threshold) return nearest;
  return std::nextafter(nearest, std::numeric_limits<float>::infinity());
}

/// The average over one forest. (Of a whole number below 2^24 the quotient of doubles rounds to the same
/// float.)
float mean(float sum, double weight) {
  return weight > 0 ? sum / static_cast<float>(weight) : 0.0F;
}

/// Where forest `f` ends; a forest that is not divided ends with its trees.
int forest_end(const Forest& forest, std::size_t f) {
  return forest.forest_ends.empty() ? forest.tree_count() : forest.forest_ends[f];
}

std::size_t forest_count(const Forest& forest) {
  return std::max<std::size_t>(forest.forest_ends.size(), 1);
}

/// What a forest of `trees` trees adds to the weighted average over forests; one alone is its own average.
float share_of_forest(const Forest& forest, float mean, int trees) {
  return forest.forest_ends.empty() ? mean : mean * static_cast<float>(trees);
}

float mean_of_forests(const Forest& forest, float sum) {
  return forest.forest_ends.empty() ? sum : sum / static_cast<float>(forest.tree_count());
}

double weight_of(const Forest& forest, std::int32_t leaf_reference) {
  const std::int32_t leaf = ~leaf_reference;
  return forest.leaf_weights.empty() ? 1.0 : forest.leaf_weights[static_cast<std::size_t>(leaf)];
}

/// The leaf that one voxel comes to in one tree.
std::int32_t walk(const Forest& forest, std::int32_t root, std::span<const float* const> channels,
                  std::size_t voxel) {
  std::int32_t at = root;
  while (at >= 0) {
    const auto n = static_cast<std::size_t>(at);
    const auto value = static_cast<double>(channels[static_cast<std::size_t>(forest.channel[n])][voxel]);
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
        const std::int32_t leaf = walk(forest, forest.roots[static_cast<std::size_t>(tree)], channels, v);
        weight += weight_of(forest, leaf);
        for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += forest.fractions(leaf)[c];
      }
      for (std::size_t c = 0; c < sums.size(); ++c)
        probabilities[c][v] += share_of_forest(forest, mean(sums[c], weight), tree - first);
    }
    for (float* p : probabilities) p[v] = mean_of_forests(forest, p[v]);
  }
}

Predictor::Predictor(const Forest& forest) : forest_(forest) {
  nodes_.reserve(forest.node_count());
  for (std::size_t n = 0; n < forest.node_count(); ++n)
    nodes_.push_back(
        {float_threshold(forest.threshold[n]), forest.channel[n], forest.left[n], forest.right[n]});
}

/// Some hundred voxels that go through the trees together. Their values are copied next to each other so that
/// they and one tree stay in the core's cache; their walks advance by one node in turn, so that the processor
/// overlaps the waiting.
class Predictor::Block {
 public:
  static constexpr std::size_t size = 256;

  Block(const Forest& forest, std::size_t channels, std::size_t classes)
      : forest_(forest),
        values_(channels * size),
        sums_(classes * size),
        shares_(classes * size),
        classes_(classes) {}

  void load(std::span<const float* const> channels, std::size_t first, std::size_t count) {
    count_ = count;
    std::fill(shares_.begin(), shares_.end(), 0.0F);
    begin_forest();
    std::fill_n(undefined_.begin(), count, std::uint8_t{0});
    for (std::size_t c = 0; c < channels.size(); ++c) {
      const float* from = channels[c] + first;
      std::copy_n(from, count, values_.data() + c * size);
      for (std::size_t v = 0; v < count; ++v) undefined_[v] |= static_cast<std::uint8_t>(std::isnan(from[v]));
    }
  }

  /// Invariant of the loop: the first `walking` entries are the walks that have not reached a leaf. A
  /// finished walk is overwritten by the next one; children are looked up, not chosen: nothing in the loop is
  /// a branch to guess wrong.
  void add_tree(const std::vector<Node>& nodes, std::int32_t root) {
    end_.fill(root);
    for (std::uint32_t v = 0; v < count_; ++v) walks_[v] = {v, root};
    for (std::size_t walking = root >= 0 ? count_ : 0; walking > 0;) {
      std::size_t still = 0;
      for (std::size_t i = 0; i < walking; ++i) {
        const auto [voxel, at] = walks_[i];
        const Node& node = nodes[static_cast<std::size_t>(at)];
        const float value = values_[static_cast<std::size_t>(node.channel) * size + voxel];
        const std::int32_t next = node.children[value < node.threshold ? 0U : 1U];
        end_[voxel] = next;
        walks_[still] = {voxel, next};
        still += next >= 0 ? 1U : 0U;
      }
      walking = still;
    }
    for (std::size_t v = 0; v < count_; ++v) {
      const float* fractions = forest_.fractions(end_[v]);
      for (std::size_t c = 0; c < classes_; ++c) sums_[c * size + v] += fractions[c];
      weights_[v] += weight_of(forest_, end_[v]);
    }
  }

  /// After the last of a forest's `trees` trees.
  void end_forest(int trees) {
    for (std::size_t c = 0; c < classes_; ++c)
      for (std::size_t v = 0; v < count_; ++v)
        shares_[c * size + v] += share_of_forest(forest_, mean(sums_[c * size + v], weights_[v]), trees);
    begin_forest();
  }

  void store(std::span<float* const> probabilities, std::size_t first) const {
    for (std::size_t c = 0; c < classes_; ++c)
      for (std::size_t v = 0; v < count_; ++v)
        probabilities[c][first + v] =
            undefined_[v] != 0 ? 0.0F : mean_of_forests(forest_, shares_[c * size + v]);
  }

 private:
  void begin_forest() {
    std::fill(sums_.begin(), sums_.end(), 0.0F);
    weights_.fill(0);
  }

  struct Walk {
    std::uint32_t voxel;
    std::int32_t at;  // reference
  };

  const Forest& forest_;
  std::vector<float> values_;           // [channel][voxel]
  std::vector<float> sums_;             // [class][voxel] over the trees of one forest
  std::vector<float> shares_;           // [class][voxel] over the forests that are done
  std::array<double, size> weights_{};  // [voxel] what sums_ will be divided by
  std::size_t classes_, count_ = 0;
  std::array<std::uint8_t, size> undefined_{};  // 1 = some channel is NaN
  std::array<Walk, size> walks_{};
  std::array<std::int32_t, size> end_{};  // [voxel] where its walk through the current tree has come to
};

void Predictor::predict(std::span<const float* const> channels, std::size_t count,
                        std::span<float* const> probabilities) const {
  Block block(forest_, channels.size(), probabilities.size());
  for (std::size_t first = 0; first < count; first += Block::size) {
    block.load(channels, first, std::min(Block::size, count - first));
    int tree = 0;
    for (std::size_t f = 0; f < forest_count(forest_); ++f) {
      const int begin = tree;
      for (; tree < forest_end(forest_, f); ++tree)
        block.add_tree(nodes_, forest_.roots[static_cast<std::size_t>(tree)]);
      block.end_forest(tree - begin);
    }
    block.store(probabilities, first);
  }
}

}  // namespace cleft
