#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "components/label_owners.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// What was sent to keep a distributed forest. The number of exchanges is the same on all ranks, the rest
/// this rank's own.
struct ForestTraffic {
  int exchanges = 0;             ///< aggregated all-to-all messages
  std::uint64_t bytes_sent = 0;  ///< to other ranks
  std::uint64_t max_labels =
      0;  ///< largest number of labels held at once: own, asked for, and answered to others
  std::uint64_t max_pairs = 0;  ///< largest number of pairs sent and received at once
};

/// Parents of some labels, as they were when the owners were asked.
class ParentTable {
 public:
  /// \pre `labels` are sorted and distinct; as many parents as labels.
  ParentTable(std::vector<Label> labels, std::vector<Label> parents)
      : labels_(std::move(labels)), parents_(std::move(parents)) {}
  /// \pre `label` was asked for.
  Label parent_of(Label label) const;

 private:
  std::vector<Label> labels_, parents_;
};

/// Trees over the provisional labels of all ranks, each pointing to its root: the distributed form of a
/// union-find's parent array. Each rank keeps the parents of its own labels and asks the owners for others,
/// in aggregated messages. A root is its own parent.
class DistributedForest {
 public:
  /// Every label is a root.
  /// \pre The same owners on every rank; owners.ranks() == comm.size(); both outlive the forest.
  DistributedForest(const Communicator& comm, const LabelOwners& owners);

  bool owns(Label label) const { return label >= first_ && label - first_ < parents_.size(); }
  /// \pre owns(label)
  Label parent(Label label) const { return parents_[label - first_]; }
  void set_parent(Label label, Label parent) { parents_[label - first_] = parent; }
  /// Of this rank's own labels, in order.
  std::span<const Label> parents() const { return parents_; }
  std::vector<Label> take_parents() && { return std::move(parents_); }

  /// Asks the owners. Collective; two exchanges.
  /// \param labels  Of any owner, in any order; duplicates are asked for once. May be empty.
  ParentTable parents_of(std::vector<Label> labels);

  /// Makes each of these labels point straight to its root, by pointer doubling: a path of length d takes at
  /// most ceil(log2(d)) + 1 rounds of parents_of. Collective.
  /// \param own  Labels this rank owns, each once. May be empty.
  /// \pre        No cycles. What a given label points to is a root, or is given too (by its owner).
  void point_to_roots(std::vector<Label> own);

  /// Sends each pair to the owner of its first label. Collective; one exchange.
  /// \pre     Sorted by first label.
  /// \returns The pairs sent here, sender after sender.
  std::vector<LabelPair> send_to_owners(const std::vector<LabelPair>& pairs);

  const ForestTraffic& traffic() const { return traffic_; }

 private:
  template <class T>
  std::vector<std::vector<T>> exchange(const std::vector<std::vector<T>>& to);

  const Communicator& comm_;
  const LabelOwners& owners_;
  Label first_;                 // this rank's smallest label
  std::vector<Label> parents_;  // of first_, first_ + 1, ...
  ForestTraffic traffic_;
};

}  // namespace cleft
