#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "components/id_owners.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// What a DistributedUnionFind has sent and held so far. The number of exchanges is the same on all ranks,
/// the rest this rank's own.
struct UnionFindTraffic {
  int exchanges = 0;             ///< aggregated all-to-all messages
  std::uint64_t bytes_sent = 0;  ///< to other ranks
  /// Largest number of ids held at once: own, asked for, and answered to others.
  std::uint64_t max_ids = 0;
  std::uint64_t max_pairs = 0;  ///< largest number of pairs sent and received at once
};

/// Parents of some ids, as they were when the ids' owners were asked.
class ParentTable {
 public:
  /// \param ids      Sorted and distinct.
  /// \param parents  One for each id, in the same order.
  ParentTable(std::vector<ProvisionalId> ids, std::vector<ProvisionalId> parents)
      : ids_(std::move(ids)), parents_(std::move(parents)) {}
  /// \pre `id` was asked for.
  ProvisionalId parent_of(ProvisionalId id) const;

 private:
  std::vector<ProvisionalId> ids_, parents_;
};

/// The parent array of a union-find over the provisional ids of all ranks, cut into the ranks' ranges of ids:
/// an id's parent is another id of its component, and a root is its own parent. Each rank keeps the parents
/// of its own ids and asks the owners for those of others, in aggregated messages.
class DistributedUnionFind {
 public:
  /// Every id is a root.
  /// \pre The same owners on every rank; owners.ranks() == comm.size(); both are stored by reference and must
  ///      outlive this object.
  DistributedUnionFind(const Communicator& comm, const IdOwners& owners);

  bool owns(ProvisionalId id) const { return id >= first_ && id - first_ < parents_.size(); }
  /// Parents of own ids: no communication.
  /// \pre owns(id)
  ProvisionalId parent(ProvisionalId id) const { return parents_[id - first_]; }
  void set_parent(ProvisionalId id, ProvisionalId parent) { parents_[id - first_] = parent; }
  /// The parents of this rank's own ids, in order of id.
  std::span<const ProvisionalId> parents() const { return parents_; }
  std::vector<ProvisionalId> take_parents() && { return std::move(parents_); }

  /// Asks the owners of these ids for their parents. Collective; two exchanges.
  /// \param ids  Of any owner, in any order; duplicates are asked for once. May be empty.
  ParentTable parents_of(std::vector<ProvisionalId> ids);

  /// Makes each of these ids point straight to its root, by pointer doubling: a path of length d takes at
  /// most ceil(log2(d)) + 1 rounds of parents_of. Collective.
  /// \param own  Ids this rank owns, each once. May be empty.
  /// \pre        No cycles. What a given id points to is a root, or is given too (by its owner).
  void point_to_roots(std::vector<ProvisionalId> own);

  /// Sends each pair to the owner of its first id. Collective; one exchange.
  /// \pre     Sorted by first id.
  /// \returns The pairs sent here, sender after sender.
  std::vector<IdPair> send_to_owners(const std::vector<IdPair>& pairs);

  const UnionFindTraffic& traffic() const { return traffic_; }

 private:
  template <class T>
  std::vector<std::vector<T>> exchange(const std::vector<std::vector<T>>& to);

  const Communicator& comm_;
  const IdOwners& owners_;
  ProvisionalId first_;                 // this rank's smallest id
  std::vector<ProvisionalId> parents_;  // of first_, first_ + 1, ...
  UnionFindTraffic traffic_;
};

}  // namespace cleft
