#pragma once

#include <cstdint>
#include <vector>

#include "components/distributed/distributed_union_find.hpp"
#include "components/id_owners.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// What a merge cost. The number of phases is the same on all ranks.
struct MergeStatistics {
  int phases = 0;  ///< rounds in which every root that has a neighbour was joined to one
  UnionFindTraffic traffic;
};

/// The result of a merge on one rank.
struct MergedIds {
  /// For each id this rank owns, in order: the smallest provisional id of its component.
  std::vector<ProvisionalId> canonical;
  MergeStatistics statistics;
};

/// Merges provisional ids that touch across block boundaries: finds the connected components of a graph
/// that no rank holds whole. Collective over `comm`.
///
/// Boruvka's contraction (O. Boruvka 1926; between processors: Chung & Condon 1996, "Parallel implementation
/// of Boruvka's minimum spanning tree algorithm"), with hashed priorities in place of weights, and pointer
/// doubling (Shiloach & Vishkin 1982, "An O(log n) parallel connectivity algorithm"). An id's parent
/// stays with the id's owner, a pair with the rank that found it. Every phase at least halves the roots that
/// still have a neighbour, so n ids that touch another rank's take at most log2(n) phases, of at most
/// log2(n) + 1 doublings each, whatever path they form; with hashed priorities chains are short, and two or
/// three doublings are usual.
///
/// \param owners  Which rank owns which ids; the same on every rank.
/// \param seams   Pairs of ids that touch, found by this rank: unordered, of any owners, duplicates and
///                pairs of an id with itself allowed, may be empty on any rank. Each pair is needed on one
///                rank only.
/// \returns       Canonical ids of this rank's own range: the same for every distribution of ids and
///                pairs.
/// \pre           owners.ranks() == comm.size(); all ids in `seams` are < owners.count().
MergedIds merge(const Communicator& comm, const IdOwners& owners, std::vector<IdPair> seams);

}  // namespace cleft
