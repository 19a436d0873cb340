#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "base/narrow.hpp"

namespace cleft {

/// A component's id before components of different blocks are merged: the local components of all blocks are
/// numbered consecutively from 0, in order of block and, within a block, of local component. Depends on the
/// block shape, not on the number of ranks. After merging, the smallest provisional id in a component is its
/// canonical id.
using ProvisionalId = std::uint64_t;

/// Two provisional ids: of components that touch, or an id and another that it points to.
struct IdPair {
  ProvisionalId a, b;
  friend auto operator<=>(const IdPair&, const IdPair&) = default;
};

/// Which rank owns which provisional ids: contiguous ranges in rank order. With four ranks that have 3, 0,
/// 5 and 2 ids, rank 0 owns 0 … 2, rank 1 nothing, rank 2 owns 3 … 7 and rank 3 owns 8 and 9. The same on
/// every rank.
class IdOwners {
 public:
  /// \param counts  Number of ids of each rank; not empty.
  explicit IdOwners(std::span<const std::uint64_t> counts);

  int ranks() const { return narrow<int>(bounds_.size()) - 1; }
  /// How many ids there are: all ranks together own 0 … count()−1.
  ProvisionalId count() const { return bounds_.back(); }
  /// `rank` owns begin(rank) … end(rank)−1.
  /// \pre 0 <= rank < ranks()
  ProvisionalId begin(int rank) const { return bounds_[to_size(rank)]; }
  ProvisionalId end(int rank) const { return bounds_[to_size(rank) + 1]; }
  /// The rank that owns `id`, by binary search over the ranks.
  /// \pre id < count()
  int owner_of(ProvisionalId id) const;

 private:
  std::vector<ProvisionalId> bounds_;  // non-decreasing, ranks() + 1 of them, from 0
};

}  // namespace cleft
