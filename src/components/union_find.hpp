#pragma once

#include <cassert>
#include <concepts>
#include <numeric>
#include <vector>

namespace cleft {

/// Disjoint sets of the numbers 0 … count−1. The root of a set is its smallest member, whatever the order of
/// the unions, so that results never depend on that order. For one thread.
///
/// Path halving (Tarjan & van Leeuwen 1984, "Worst-case analysis of set union algorithms"), and union by
/// index instead of by rank: O(log n) amortised per operation, and nearly constant when rows are united in
/// order, as they are here.
template <std::unsigned_integral Index>
class UnionFind {
 public:
  /// Begins with each number in a set of its own.
  explicit UnionFind(Index count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), Index{0}); }

  /// The smallest member of the set of `i`.
  /// \pre i < count
  Index find(Index i) {
    assert(i < parent_.size());
    while (parent_[i] != i) {
      parent_[i] = parent_[parent_[i]];
      i = parent_[i];
    }
    return i;
  }

  /// Unites the sets of `a` and `b`.
  /// \pre Both < count.
  void unite(Index a, Index b) {
    a = find(a);
    b = find(b);
    if (a < b) {
      parent_[b] = a;
    } else {
      parent_[a] = b;
    }
  }

 private:
  std::vector<Index> parent_;  // parent_[i] <= i: every path descends to the smallest member
};

}  // namespace cleft
