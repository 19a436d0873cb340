#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/narrow.hpp"
#include "forest/forest.hpp"

namespace cleft {

// How the fractions of the leaves that a voxel comes to are averaged into its probabilities. vote_reference
// and ForestVoter share this, so that they agree in every bit.

/// The average over the trees of one sub-forest; 0 where no leaf has weight. Divided in float32, as ilastik
/// does; for whole numbers below 2^24 dividing doubles would round to the same float.
///
/// \param sum     What the leaves add to one class.
/// \param weight  What they add to the divisor.
inline float mean(float sum, double weight) {
  return weight > 0 ? sum / static_cast<float>(weight) : 0.0F;
}

/// The parts of a forest that are averaged on their own and then with each other (see
/// Forest::sub_forest_ends). A forest that is not divided is its own only sub-forest.
class SubForests {
 public:
  SubForests() = default;
  explicit SubForests(const Forest& forest)
      : tree_count_(forest.tree_count()), ends_(forest.sub_forest_ends) {}

  std::size_t count() const { return std::max<std::size_t>(ends_.size(), 1); }
  /// The first tree behind sub-forest f.
  int end(std::size_t f) const { return ends_.empty() ? tree_count_ : ends_[f]; }

  /// What a sub-forest of `trees` trees adds to the sum over sub-forests: its mean times its number of trees;
  /// the mean itself where there is only one.
  float share(float mean, int trees) const { return ends_.empty() ? mean : mean * narrow<float>(trees); }
  /// The probability, from the sum of all shares.
  float mean_of_shares(float sum) const { return ends_.empty() ? sum : sum / narrow<float>(tree_count_); }

 private:
  int tree_count_ = 0;
  std::vector<std::int32_t> ends_;
};

}  // namespace cleft
