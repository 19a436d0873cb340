#include "components/distributed/distributed_union_find.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <numeric>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// Cuts values that are sorted by `id_of` into one list per owner. Owners' ranges are in rank order, so the
/// lists put one after the other are the input again.
template <class T, class IdOf>
std::vector<std::vector<T>> split_by_owner(const std::vector<T>& sorted, const IdOwners& owners, IdOf id_of) {
  std::vector<std::vector<T>> parts(to_size(owners.ranks()));
  auto begin = sorted.begin();
  for (int rank = 0; rank < owners.ranks(); ++rank) {
    const auto end = std::ranges::lower_bound(begin, sorted.end(), owners.end(rank), {}, id_of);
    parts[to_size(rank)].assign(begin, end);
    begin = end;
  }
  return parts;
}

template <class T>
std::vector<T> concatenated(const std::vector<std::vector<T>>& parts) {
  std::size_t count = 0;
  for (const auto& part : parts) count += part.size();
  std::vector<T> all;
  all.reserve(count);
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

ProvisionalId ParentTable::parent_of(ProvisionalId id) const {
  const auto found = std::ranges::lower_bound(ids_, id);
  assert(found != ids_.end() && *found == id);
  return parents_[to_size(found - ids_.begin())];
}

DistributedUnionFind::DistributedUnionFind(const Communicator& comm, const IdOwners& owners)
    : comm_(comm),
      owners_(owners),
      first_(owners.begin(comm.rank())),
      parents_(owners.end(comm.rank()) - owners.begin(comm.rank())) {
  std::iota(parents_.begin(), parents_.end(), first_);
}

template <class T>
std::vector<std::vector<T>> DistributedUnionFind::exchange(const std::vector<std::vector<T>>& to) {
  ++traffic_.exchanges;
  for (std::size_t rank = 0; rank < to.size(); ++rank)
    if (narrow<int>(rank) != comm_.rank()) traffic_.bytes_sent += to[rank].size() * sizeof(T);
  return comm_.exchange(to);
}

ParentTable DistributedUnionFind::parents_of(std::vector<ProvisionalId> ids) {
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  auto questions = exchange(split_by_owner(ids, owners_, std::identity{}));
  std::size_t held = parents_.size() + ids.size();
  for (auto& asked : questions) {
    held += asked.size();
    for (ProvisionalId& id : asked) id = parent(id);  // the answers take the questions' places
  }
  traffic_.max_ids = std::max<std::uint64_t>(traffic_.max_ids, held);
  return {std::move(ids), concatenated(exchange(questions))};
}

void DistributedUnionFind::point_to_roots(std::vector<ProvisionalId> own) {
  while (comm_.sum<std::uint64_t>(own.size()) > 0) {
    std::vector<ProvisionalId> next(own.size());
    std::ranges::transform(own, next.begin(), [&](ProvisionalId id) { return parent(id); });
    const ParentTable grandparents = parents_of(std::move(next));
    std::erase_if(own, [&](ProvisionalId id) {
      const ProvisionalId grandparent = grandparents.parent_of(parent(id));
      const bool parent_was_root = grandparent == parent(id);
      set_parent(id, grandparent);
      return parent_was_root;
    });
  }
}

std::vector<IdPair> DistributedUnionFind::send_to_owners(const std::vector<IdPair>& pairs) {
  auto received = concatenated(exchange(split_by_owner(pairs, owners_, &IdPair::a)));
  traffic_.max_pairs = std::max<std::uint64_t>(traffic_.max_pairs, pairs.size() + received.size());
  return received;
}

}  // namespace cleft
