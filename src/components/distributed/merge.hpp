#pragma once

#include <cstdint>
#include <vector>

#include "components/distributed/distributed_forest.hpp"
#include "components/label_owners.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// What a merge cost. The number of phases is the same on all ranks.
struct MergeStatistics {
  int phases = 0;  ///< contractions of the whole graph
  ForestTraffic traffic;
};

struct MergedLabels {
  /// For each label this rank owns, in order: the smallest provisional label of its component.
  std::vector<Label> canonical;
  MergeStatistics statistics;
};

/// Merges provisional labels that touch across block boundaries: finds the connected components of a graph
/// that no rank holds whole. Collective over `comm`.
///
/// Boruvka's contraction (O. Boruvka 1926; between processors: Chung & Condon 1996, "Parallel implementation
/// of Boruvka's minimum spanning tree algorithm"), with hashed priorities in place of weights, and pointer
/// doubling (Shiloach & Vishkin 1982, "An O(log n) parallel connectivity algorithm"). A label's place in the
/// forest stays with the label's owner, a pair with the rank that found it. Every phase at least halves the
/// labels that still have a neighbour, so n labels that touch another rank's take at most log2(n) phases, of
/// at most log2(n) + 1 doublings each, whatever path they form; with hashed priorities chains are short and
/// two or three doublings are usual.
///
/// \param owners  Which rank owns which labels; the same on every rank.
/// \param seams   Pairs of labels that touch, found by this rank: unordered, of any owners, duplicates and
///                pairs of a label with itself allowed, may be empty on any rank. Each pair is needed on one
///                rank only.
/// \returns       Canonical labels of this rank's own range: the same for every distribution of labels and
///                pairs.
/// \pre           owners.ranks() == comm.size(); all labels in `seams` are < owners.count().
MergedLabels merge(const Communicator& comm, const LabelOwners& owners, std::vector<LabelPair> seams);

}  // namespace cleft
