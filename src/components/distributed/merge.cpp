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

using Pairs = std::vector<IdPair>;

template <class T>
void sort_distinct(std::vector<T>& values) {
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

std::vector<ProvisionalId> ids_in(const Pairs& pairs) {
  std::vector<ProvisionalId> ids;
  ids.reserve(2 * pairs.size());
  for (const IdPair& pair : pairs) {
    ids.push_back(pair.a);
    ids.push_back(pair.b);
  }
  sort_distinct(ids);
  return ids;
}

/// Sets of positions in `ids` (sorted, distinct) that the pairs connect.
UnionFind<std::uint64_t> connected_positions(const std::vector<ProvisionalId>& ids, const Pairs& pairs) {
  const auto position = [&](ProvisionalId id) {
    return narrow<std::uint64_t>(std::ranges::lower_bound(ids, id) - ids.begin());
  };
  UnionFind<std::uint64_t> sets(ids.size());
  for (const IdPair& pair : pairs) sets.unite(position(pair.a), position(pair.b));
  return sets;
}

/// Merges what this rank's pairs connect as far as possible without other ranks: the own ids of each set
/// point to the set's anchor, its smallest own id. Of the pairs, those remain that link an anchor to another
/// rank's id of its set. (A set without own ids is anchored at its smallest id.)
/// \returns Pairs (anchor, other rank's id) that connect what the given pairs do.
Pairs contract_locally(DistributedUnionFind& union_find, const Pairs& seams) {
  const std::vector<ProvisionalId> ids = ids_in(seams);
  auto sets = connected_positions(ids, seams);

  constexpr ProvisionalId none = std::numeric_limits<ProvisionalId>::max();
  std::vector<ProvisionalId> anchors(ids.size(), none);
  for (std::uint64_t i = 0; i < ids.size(); ++i) {
    if (!union_find.owns(ids[i])) continue;
    ProvisionalId& anchor = anchors[sets.find(i)];
    if (anchor == none) anchor = ids[i];
    union_find.set_parent(ids[i], anchor);
  }
  Pairs left;
  for (std::uint64_t i = 0; i < ids.size(); ++i) {
    if (union_find.owns(ids[i])) continue;
    ProvisionalId& anchor = anchors[sets.find(i)];
    if (anchor == none) {
      anchor = ids[i];
    } else {
      left.push_back({anchor, ids[i]});
    }
  }
  return left;
}

/// Replaces both ids of each pair by their roots; drops pairs that have become one root, and duplicates.
/// Collective.
/// \pre Each id is a root or points straight to one.
Pairs replace_by_roots(DistributedUnionFind& union_find, Pairs pairs) {
  const ParentTable roots = union_find.parents_of(ids_in(pairs));
  for (IdPair& pair : pairs) {
    std::tie(pair.a, pair.b) = std::pair(std::minmax({roots.parent_of(pair.a), roots.parent_of(pair.b)}));
  }
  std::erase_if(pairs, [](const IdPair& pair) { return pair.a == pair.b; });
  sort_distinct(pairs);
  return pairs;
}

/// Decides which neighbour a root picks: the one of smallest priority. mix_bits is a bijection, so two ids
/// never have the same priority; each phase has an order of its own, so that an arrangement of ids that
/// merges slowly in one phase does not do so in the next.
std::uint64_t priority(ProvisionalId id, int phase) {
  return mix_bits(id ^ mix_bits(narrow<std::uint64_t>(phase)));
}

/// Of pairs (root, neighbour) keeps, for each root, the one with the neighbour of smallest priority. The
/// result is sorted by root.
void keep_best(Pairs& picks, int phase) {
  std::ranges::sort(picks, {},
                    [&](const IdPair& pick) { return std::pair(pick.a, priority(pick.b, phase)); });
  const auto same_root = [](const IdPair& x, const IdPair& y) { return x.a == y.a; };
  picks.erase(std::unique(picks.begin(), picks.end(), same_root), picks.end());
}

/// Every root that has a neighbour picks the one of smallest priority among those that any rank knows of, and
/// points to it. Collective.
/// \returns This rank's ids that were roots and picked.
std::vector<ProvisionalId> pick_neighbours(DistributedUnionFind& union_find, const Pairs& pairs, int phase) {
  Pairs picks;
  picks.reserve(2 * pairs.size());
  for (const IdPair& pair : pairs) {
    picks.push_back(pair);
    picks.push_back({pair.b, pair.a});
  }
  keep_best(picks, phase);
  picks = union_find.send_to_owners(picks);
  keep_best(picks, phase);

  std::vector<ProvisionalId> picked;
  picked.reserve(picks.size());
  for (const IdPair& pick : picks) {
    union_find.set_parent(pick.a, pick.b);
    picked.push_back(pick.a);
  }
  return picked;
}

/// Of two roots that picked each other, makes the one of smaller priority the root of their tree. Collective.
///
/// There are no other cycles. Suppose u(0) → u(1) → … → u(k) = u(0) with k >= 3, each the pick of the one
/// before. u(i−1) is a neighbour of u(i), since pairs go both ways, and so is u(i+1), the neighbour of
/// smallest priority. They differ, so priority(u(i+1)) < priority(u(i−1)) for every i: in steps of two around
/// the cycle (once or twice around) priorities would decrease for ever and yet return to where they began.
///
/// So each tree has at least two ids and exactly one root: a phase at least halves the number of roots that
/// have neighbours.
void break_cycles(DistributedUnionFind& union_find, const std::vector<ProvisionalId>& picked, int phase) {
  std::vector<ProvisionalId> picks(picked.size());
  std::ranges::transform(picked, picks.begin(), [&](ProvisionalId id) { return union_find.parent(id); });
  const ParentTable picks_of_picks = union_find.parents_of(std::move(picks));
  for (const ProvisionalId id : picked) {
    const ProvisionalId pick = union_find.parent(id);
    const bool mutual = picks_of_picks.parent_of(pick) == id;
    if (mutual && priority(id, phase) < priority(pick, phase)) union_find.set_parent(id, id);
  }
}

/// This rank's ids that are not roots, in order.
std::vector<ProvisionalId> non_roots(const DistributedUnionFind& union_find, ProvisionalId first) {
  std::vector<ProvisionalId> ids;
  for (ProvisionalId id = first; id < first + union_find.parents().size(); ++id)
    if (union_find.parent(id) != id) ids.push_back(id);
  return ids;
}

/// Makes every id, roots included, point to the smallest id of its tree. Collective.
/// \param ids  This rank's non-roots.
/// \pre Each points straight to its root.
void point_to_smallest(DistributedUnionFind& union_find, const std::vector<ProvisionalId>& ids) {
  Pairs members;
  members.reserve(ids.size());
  for (const ProvisionalId id : ids) members.push_back({union_find.parent(id), id});
  std::ranges::sort(members);
  const auto same_root = [](const IdPair& x, const IdPair& y) { return x.a == y.a; };
  members.erase(std::unique(members.begin(), members.end(), same_root), members.end());

  for (const IdPair& member : union_find.send_to_owners(members))
    union_find.set_parent(member.a, std::min(union_find.parent(member.a), member.b));
  // The root's parent is now the smallest id: one step further from each of the others.
  std::vector<ProvisionalId> roots(members.size());
  std::ranges::transform(members, roots.begin(), &IdPair::a);
  const ParentTable smallest = union_find.parents_of(std::move(roots));
  for (const ProvisionalId id : ids) union_find.set_parent(id, smallest.parent_of(union_find.parent(id)));
}

}  // namespace

MergedIds merge(const Communicator& comm, const IdOwners& owners, std::vector<IdPair> seams) {
  int phases = 0;
  DistributedUnionFind union_find(comm, owners);

  Pairs pairs = contract_locally(union_find, std::exchange(seams, {}));
  while (true) {
    pairs = replace_by_roots(union_find, std::move(pairs));
    if (comm.sum<std::uint64_t>(pairs.size()) == 0) break;
    const int phase = phases++;
    auto picked = pick_neighbours(union_find, pairs, phase);
    break_cycles(union_find, picked, phase);
    union_find.point_to_roots(std::move(picked));
  }

  const auto ids = non_roots(union_find, owners.begin(comm.rank()));
  union_find.point_to_roots(ids);
  point_to_smallest(union_find, ids);
  const MergeStatistics statistics{.phases = phases, .traffic = union_find.traffic()};
  return {std::move(union_find).take_parents(), statistics};
}

}  // namespace cleft
