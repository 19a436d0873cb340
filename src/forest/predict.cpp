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

float mean_of_trees(float sum, int trees) {
  return static_cast<float>(static_cast<double>(sum) / static_cast<double>(trees));
}

}  // namespace

void predict_reference(const Forest& forest, std::span<const float* const> channels, std::size_t count,
                       std::span<float* const> probabilities) {
  for (std::size_t v = 0; v < count; ++v) {
    const bool defined = std::none_of(channels.begin(), channels.end(),
                                      [v](const float* values) { return std::isnan(values[v]); });
    for (float* p : probabilities) p[v] = 0;
    if (!defined) continue;
    for (std::int32_t at : forest.roots) {
      while (at >= 0) {
        const auto n = static_cast<std::size_t>(at);
        const auto value = static_cast<double>(channels[static_cast<std::size_t>(forest.channel[n])][v]);
        at = value < forest.threshold[n] ? forest.left[n] : forest.right[n];
      }
      for (std::size_t c = 0; c < probabilities.size(); ++c) probabilities[c][v] += forest.fractions(at)[c];
    }
    for (float* p : probabilities) p[v] = mean_of_trees(p[v], forest.tree_count());
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

  Block(std::size_t channels, std::size_t classes)
      : values_(channels * size), sums_(classes * size), classes_(classes) {}

  void load(std::span<const float* const> channels, std::size_t first, std::size_t count) {
    count_ = count;
    std::fill(sums_.begin(), sums_.end(), 0.0F);
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
  void add_tree(const Forest& forest, const std::vector<Node>& nodes, std::int32_t root) {
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
      const float* fractions = forest.fractions(end_[v]);
      for (std::size_t c = 0; c < classes_; ++c) sums_[c * size + v] += fractions[c];
    }
  }

  void store(std::span<float* const> probabilities, std::size_t first, int trees) const {
    for (std::size_t c = 0; c < classes_; ++c)
      for (std::size_t v = 0; v < count_; ++v)
        probabilities[c][first + v] = undefined_[v] != 0 ? 0.0F : mean_of_trees(sums_[c * size + v], trees);
  }

 private:
  struct Walk {
    std::uint32_t voxel;
    std::int32_t at;  // reference
  };

  std::vector<float> values_;  // [channel][voxel]
  std::vector<float> sums_;    // [class][voxel]
  std::size_t classes_, count_ = 0;
  std::array<std::uint8_t, size> undefined_{};  // 1 = some channel is NaN
  std::array<Walk, size> walks_{};
  std::array<std::int32_t, size> end_{};  // [voxel] where its walk through the current tree has come to
};

void Predictor::predict(std::span<const float* const> channels, std::size_t count,
                        std::span<float* const> probabilities) const {
  Block block(channels.size(), probabilities.size());
  for (std::size_t first = 0; first < count; first += Block::size) {
    block.load(channels, first, std::min(Block::size, count - first));
    for (const std::int32_t root : forest_.roots) block.add_tree(forest_, nodes_, root);
    block.store(probabilities, first, forest_.tree_count());
  }
}

}  // namespace cleft
