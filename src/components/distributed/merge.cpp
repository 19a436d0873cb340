#include "components/distributed/merge.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "base/narrow.hpp"
#include "base/random.hpp"
#include "components/union_find.hpp"

namespace cleft {
namespace {

using Pairs = std::vector<LabelPair>;

template <class T>
void sort_distinct(std::vector<T>& values) {
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

std::vector<Label> labels_in(const Pairs& pairs) {
  std::vector<Label> labels;
  labels.reserve(2 * pairs.size());
  for (const LabelPair& pair : pairs) {
    labels.push_back(pair.a);
    labels.push_back(pair.b);
  }
  sort_distinct(labels);
  return labels;
}

/// Sets of positions in `labels` (sorted, distinct) that the pairs connect.
UnionFind<std::uint64_t> connected_positions(const std::vector<Label>& labels, const Pairs& pairs) {
  const auto position = [&](Label label) {
    return narrow<std::uint64_t>(std::ranges::lower_bound(labels, label) - labels.begin());
  };
  UnionFind<std::uint64_t> sets(labels.size());
  for (const LabelPair& pair : pairs) sets.unite(position(pair.a), position(pair.b));
  return sets;
}

/// Contracts what this rank's pairs connect, as far as that needs no other rank: own labels of one set point
/// to its anchor, the smallest own one (where a set has none, the smallest). What is left is one pair for
/// each of the set's other labels.
/// \returns Pairs (anchor, other rank's label) that connect what the given pairs do.
Pairs contract_locally(DistributedForest& forest, const Pairs& seams) {
  const std::vector<Label> labels = labels_in(seams);
  auto sets = connected_positions(labels, seams);

  constexpr Label none = std::numeric_limits<Label>::max();
  std::vector<Label> anchors(labels.size(), none);
  for (std::uint64_t i = 0; i < labels.size(); ++i) {
    if (!forest.owns(labels[i])) continue;
    Label& anchor = anchors[sets.find(i)];
    if (anchor == none) anchor = labels[i];
    forest.set_parent(labels[i], anchor);
  }
  Pairs left;
  for (std::uint64_t i = 0; i < labels.size(); ++i) {
    if (forest.owns(labels[i])) continue;
    Label& anchor = anchors[sets.find(i)];
    if (anchor == none) {
      anchor = labels[i];
    } else {
      left.push_back({anchor, labels[i]});
    }
  }
  return left;
}

/// Replaces both labels of each pair by their roots; drops pairs that have become one root, and duplicates.
/// \pre Each label is a root or points straight to one. Collective.
Pairs relabel_to_roots(DistributedForest& forest, Pairs pairs) {
  const ParentTable roots = forest.parents_of(labels_in(pairs));
  for (LabelPair& pair : pairs) {
    std::tie(pair.a, pair.b) = std::pair(std::minmax({roots.parent_of(pair.a), roots.parent_of(pair.b)}));
  }
  std::erase_if(pairs, [](const LabelPair& pair) { return pair.a == pair.b; });
  sort_distinct(pairs);
  return pairs;
}

/// Decides which neighbour a root picks. mix_bits is a bijection, so two labels never have the same priority;
/// each phase has an order of its own, so that an unlucky arrangement of labels does not stay unlucky.
std::uint64_t priority(Label label, int phase) {
  return mix_bits(label ^ mix_bits(narrow<std::uint64_t>(phase)));
}

/// Of pairs (root, neighbour) keeps for each root the neighbour of smallest priority; sorted by root.
void keep_best(Pairs& picks, int phase) {
  std::ranges::sort(picks, {},
                    [&](const LabelPair& pick) { return std::pair(pick.a, priority(pick.b, phase)); });
  const auto same_root = [](const LabelPair& x, const LabelPair& y) { return x.a == y.a; };
  picks.erase(std::unique(picks.begin(), picks.end(), same_root), picks.end());
}

/// Every root that has a neighbour picks the one of smallest priority among those that all ranks know, and
/// points to it.
/// \returns This rank's labels that were roots and picked. Collective.
std::vector<Label> pick_neighbours(DistributedForest& forest, const Pairs& pairs, int phase) {
  Pairs picks;
  picks.reserve(2 * pairs.size());
  for (const LabelPair& pair : pairs) {
    picks.push_back(pair);
    picks.push_back({pair.b, pair.a});
  }
  keep_best(picks, phase);
  picks = forest.send_to_owners(picks);
  keep_best(picks, phase);

  std::vector<Label> picked;
  picked.reserve(picks.size());
  for (const LabelPair& pick : picks) {
    forest.set_parent(pick.a, pick.b);
    picked.push_back(pick.a);
  }
  return picked;
}

/// Two roots that picked each other: the one of smaller priority becomes the root of the tree. Collective.
///
/// There are no other cycles. Suppose u(0) → u(1) → … → u(k) = u(0) with k >= 3, each the pick of the one
/// before. u(i−1) is a neighbour of u(i), since pairs go both ways, and so is u(i+1), the neighbour of
/// smallest priority. They differ, so priority(u(i+1)) < priority(u(i−1)) for every i: in steps of two around
/// the cycle (once or twice around) priorities would fall for ever and yet come back to where they began.
///
/// So each tree has two labels at least and exactly one root: a phase at least halves the roots that have
/// neighbours.
void break_cycles(DistributedForest& forest, const std::vector<Label>& picked, int phase) {
  std::vector<Label> picks(picked.size());
  std::ranges::transform(picked, picks.begin(), [&](Label label) { return forest.parent(label); });
  const ParentTable picks_of_picks = forest.parents_of(std::move(picks));
  for (const Label label : picked) {
    const Label pick = forest.parent(label);
    const bool mutual = picks_of_picks.parent_of(pick) == label;
    if (mutual && priority(label, phase) < priority(pick, phase)) forest.set_parent(label, label);
  }
}

/// This rank's labels that are not roots, in order.
std::vector<Label> non_roots(const DistributedForest& forest, Label first) {
  std::vector<Label> labels;
  for (Label label = first; label < first + forest.parents().size(); ++label)
    if (forest.parent(label) != label) labels.push_back(label);
  return labels;
}

/// Makes every label, roots included, point to the smallest label of its tree. Collective.
/// \param labels  This rank's non-roots.
/// \pre Each points straight to its root.
void point_to_smallest(DistributedForest& forest, const std::vector<Label>& labels) {
  Pairs members;
  members.reserve(labels.size());
  for (const Label label : labels) members.push_back({forest.parent(label), label});
  std::ranges::sort(members);
  const auto same_root = [](const LabelPair& x, const LabelPair& y) { return x.a == y.a; };
  members.erase(std::unique(members.begin(), members.end(), same_root), members.end());

  for (const LabelPair& member : forest.send_to_owners(members))
    forest.set_parent(member.a, std::min(forest.parent(member.a), member.b));
  // The root's parent is now the smallest label: one step further from each of the others.
  std::vector<Label> roots(members.size());
  std::ranges::transform(members, roots.begin(), &LabelPair::a);
  const ParentTable smallest = forest.parents_of(std::move(roots));
  for (const Label label : labels) forest.set_parent(label, smallest.parent_of(forest.parent(label)));
}

}  // namespace

MergedLabels merge(const Communicator& comm, const LabelOwners& owners, std::vector<LabelPair> seams) {
  int phases = 0;
  DistributedForest forest(comm, owners);

  Pairs pairs = contract_locally(forest, std::exchange(seams, {}));
  while (true) {
    pairs = relabel_to_roots(forest, std::move(pairs));
    if (comm.sum<std::uint64_t>(pairs.size()) == 0) break;
    const int phase = phases++;
    auto picked = pick_neighbours(forest, pairs, phase);
    break_cycles(forest, picked, phase);
    forest.point_to_roots(std::move(picked));
  }

  const auto labels = non_roots(forest, owners.begin(comm.rank()));
  forest.point_to_roots(labels);
  point_to_smallest(forest, labels);
  const MergeStatistics statistics{.phases = phases, .traffic = forest.traffic()};
  return {std::move(forest).take_parents(), statistics};
}

}  // namespace cleft
