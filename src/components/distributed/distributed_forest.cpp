#include "components/distributed/distributed_forest.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <numeric>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// Cuts values that are sorted by `label_of` into one list per owner. Owners' ranges are in rank order, so
/// the lists put one after the other are the input again.
template <class T, class LabelOf>
std::vector<std::vector<T>> split_by_owner(const std::vector<T>& sorted, const LabelOwners& owners,
                                           LabelOf label_of) {
  std::vector<std::vector<T>> parts(to_size(owners.ranks()));
  auto begin = sorted.begin();
  for (int rank = 0; rank < owners.ranks(); ++rank) {
    const auto end = std::ranges::lower_bound(begin, sorted.end(), owners.end(rank), {}, label_of);
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

Label ParentTable::parent_of(Label label) const {
  const auto found = std::ranges::lower_bound(labels_, label);
  assert(found != labels_.end() && *found == label);
  return parents_[to_size(found - labels_.begin())];
}

DistributedForest::DistributedForest(const Communicator& comm, const LabelOwners& owners)
    : comm_(comm),
      owners_(owners),
      first_(owners.begin(comm.rank())),
      parents_(owners.end(comm.rank()) - owners.begin(comm.rank())) {
  std::iota(parents_.begin(), parents_.end(), first_);
}

template <class T>
std::vector<std::vector<T>> DistributedForest::exchange(const std::vector<std::vector<T>>& to) {
  ++traffic_.exchanges;
  for (std::size_t rank = 0; rank < to.size(); ++rank)
    if (narrow<int>(rank) != comm_.rank()) traffic_.bytes_sent += to[rank].size() * sizeof(T);
  return comm_.exchange(to);
}

ParentTable DistributedForest::parents_of(std::vector<Label> labels) {
  std::ranges::sort(labels);
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  auto questions = exchange(split_by_owner(labels, owners_, std::identity{}));
  std::size_t held = parents_.size() + labels.size();
  for (auto& asked : questions) {
    held += asked.size();
    for (Label& label : asked) label = parent(label);  // the answers take the questions' places
  }
  traffic_.max_labels = std::max<std::uint64_t>(traffic_.max_labels, held);
  return {std::move(labels), concatenated(exchange(questions))};
}

void DistributedForest::point_to_roots(std::vector<Label> own) {
  while (comm_.sum<std::uint64_t>(own.size()) > 0) {
    std::vector<Label> next(own.size());
    std::ranges::transform(own, next.begin(), [&](Label label) { return parent(label); });
    const ParentTable grandparents = parents_of(std::move(next));
    std::erase_if(own, [&](Label label) {
      const Label grandparent = grandparents.parent_of(parent(label));
      const bool parent_was_root = grandparent == parent(label);
      set_parent(label, grandparent);
      return parent_was_root;
    });
  }
}

std::vector<LabelPair> DistributedForest::send_to_owners(const std::vector<LabelPair>& pairs) {
  auto received = concatenated(exchange(split_by_owner(pairs, owners_, &LabelPair::a)));
  traffic_.max_pairs = std::max<std::uint64_t>(traffic_.max_pairs, pairs.size() + received.size());
  return received;
}

}  // namespace cleft
