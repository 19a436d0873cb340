#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "base/narrow.hpp"

namespace cleft {

/// A provisional label: the number of a block's local component when the components of all blocks are
/// numbered through, in order of block and local component. Depends on the block shape, not on the number of
/// ranks.
using Label = std::uint64_t;

/// Two provisional labels that touch, or one and what it refers to.
struct LabelPair {
  Label a, b;
  friend auto operator<=>(const LabelPair&, const LabelPair&) = default;
};

/// Which rank owns which provisional labels: contiguous ranges in rank order. With four ranks that have 3, 0,
/// 5 and 2 labels, rank 0 owns 0 … 2, rank 1 nothing, rank 2 owns 3 … 7 and rank 3 owns 8 and 9. The same on
/// every rank.
class LabelOwners {
 public:
  /// \param counts  Number of labels of each rank; not empty.
  explicit LabelOwners(std::span<const std::uint64_t> counts);

  int ranks() const { return narrow<int>(bounds_.size()) - 1; }
  /// Labels of all ranks are 0 … count()−1.
  Label count() const { return bounds_.back(); }
  /// `rank` owns begin(rank) … end(rank)−1.
  Label begin(int rank) const { return bounds_[to_size(rank)]; }
  Label end(int rank) const { return bounds_[to_size(rank) + 1]; }
  /// A binary search over the ranks.
  /// \pre label < count()
  int owner_of(Label label) const;

 private:
  std::vector<Label> bounds_;  // non-decreasing, ranks() + 1 of them, from 0
};

}  // namespace cleft
