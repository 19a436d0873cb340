#pragma once

#include <cstdint>
#include <vector>

#include "components/label_owners.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// Two provisional labels of one component.
struct LabelPair {
  Label a, b;
  friend auto operator<=>(const LabelPair&, const LabelPair&) = default;
};

/// What a merge cost. Phases and exchanges are the same on all ranks, the rest is this rank's own.
struct MergeStatistics {
  int phases = 0;     ///< contractions of the whole graph: at most log2(labels that touch another rank's)
  int exchanges = 0;  ///< aggregated all-to-all messages
  std::uint64_t bytes_sent = 0;  ///< to other ranks
  std::uint64_t most_labels =
      0;  ///< largest number of labels held at once: own ones and those asked for or answered
  std::uint64_t most_pairs = 0;  ///< largest number of pairs held at once
};

struct MergedLabels {
  /// For each label this rank owns, in order: the smallest provisional label of its component.
  std::vector<Label> canonical;
  MergeStatistics statistics;
};

/// Merges provisional labels that touch across block boundaries: the connected components of a graph that no
/// rank holds whole. Collective over `comm`.
///
/// Boruvka's contraction (Boruvka 1926; on a distributed graph as in Chung & Condon 1996, "Parallel
/// implementation of Boruvka's minimum spanning tree algorithm") with hashed priorities for weights, and
/// pointer doubling (Shiloach & Vishkin 1982, "An O(log n) parallel connectivity algorithm"). A label's place
/// in the forest is kept by its owner; a pair stays with the rank that found it. At most log2(n) phases of at
/// most log2(n) + 1 doublings each, for n labels that touch another rank's, whatever path they form.
///
/// \param owners  Which rank owns which labels; the same on every rank.
/// \param seams   Pairs of labels that touch, found by this rank; unordered, duplicates and pairs of a label
/// with itself
///                allowed, may be empty on any rank. Each pair need be given on one rank only.
/// \returns       The canonical labels of this rank's own range: the same components for every number of
/// ranks. \pre           owners.ranks() == comm.size(); all labels in `seams` are < owners.count().
MergedLabels merge(const Communicator& comm, const LabelOwners& owners, std::vector<LabelPair> seams);

}  // namespace cleft
