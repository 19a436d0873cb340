#include "objects/distributed/combine.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

/// A core component, whole, on its way to the component it lies in.
struct WholeCore {
  ProvisionalId component = 0;  // canonical id
  std::int64_t voxels = 0;
};

/// A synapse on its way to rank 0.
struct MergedSynapse {
  ProvisionalId canonical = 0;
  SynapseSums sums;
};
/// A synapse's number on its way back.
struct SynapseNumber {
  ProvisionalId canonical = 0;
  std::uint64_t number = 0;
};

using ComponentsById = std::unordered_map<ProvisionalId, SynapseSums>;
using NumbersById = std::unordered_map<ProvisionalId, std::uint64_t>;

/// [rank] the values that go to it.
template <class T, class OwnerOfValue>
std::vector<std::vector<T>> outgoing(const Communicator& comm, const std::vector<T>& values,
                                     const OwnerOfValue& owner_of) {
  std::vector<std::vector<T>> to(to_size(comm.size()));
  for (const T& value : values) to[to_size(owner_of(value))].push_back(value);
  return to;
}

/// Adds up the partial components of each component on this rank, so that a component that lies in many
/// blocks of one rank is sent once.
std::vector<PartialComponent> joined(const std::vector<PartialComponent>& partials) {
  std::unordered_map<ProvisionalId, ComponentSums> by_id;
  for (const auto& partial : partials) {
    ComponentSums& sums = by_id[partial.canonical];
    sums = combine(sums, partial.sums);
  }
  std::vector<PartialComponent> result;
  result.reserve(by_id.size());
  for (const auto& [id, sums] : by_id) result.push_back({id, sums});
  return result;
}

/// Step 1: every component's sums, complete, at its owner.
ComponentsById components_at_owners(const Communicator& comm, const std::vector<PartialComponent>& partials,
                                    const IdOwner& owner_of) {
  ComponentsById owned;
  const auto to =
      outgoing(comm, partials, [&](const PartialComponent& partial) { return owner_of(partial.canonical); });
  for (const auto& from_rank : comm.exchange(to)) {
    for (const auto& partial : from_rank) {
      ComponentSums& sums = owned[partial.canonical].component;
      sums = combine(sums, partial.sums);
    }
  }
  return owned;
}

/// Step 2: every core component, complete, at the owner of its own canonical id.
std::vector<WholeCore> cores_at_owners(const Communicator& comm, const std::vector<PartialCore>& partials,
                                       const IdOwner& owner_of) {
  std::unordered_map<ProvisionalId, WholeCore> owned;
  const auto to =
      outgoing(comm, partials, [&](const PartialCore& partial) { return owner_of(partial.canonical); });
  for (const auto& from_rank : comm.exchange(to)) {
    for (const auto& partial : from_rank) {
      WholeCore& core = owned[partial.canonical];
      core.component = partial.component;
      core.voxels += partial.voxels;
    }
  }
  std::vector<WholeCore> result;
  result.reserve(owned.size());
  for (const auto& [id, core] : owned) result.push_back(core);
  return result;
}

/// Step 3: every core component's size at the owner of the component it lies in.
void add_cores(const Communicator& comm, ComponentsById& components, const std::vector<WholeCore>& cores,
               const IdOwner& owner_of) {
  const auto to = outgoing(comm, cores, [&](const WholeCore& core) { return owner_of(core.component); });
  const auto received = comm.exchange(to);
  all_or_throw(comm, [&] {
    for (const auto& from_rank : received) {
      for (const auto& core : from_rank) {
        const auto found = components.find(core.component);
        if (found == components.end())
          throw InternalError(fmt::format("a core lies in the unknown component {}", core.component));
        add_core(found->second.cores, core.voxels);
      }
    }
  });
}

/// Step 4: at the owners, the components that are synapses.
std::vector<MergedSynapse> surviving(const ComponentsById& components, const SizeBounds& bounds) {
  std::vector<MergedSynapse> synapses;
  for (const auto& [id, sums] : components)
    if (is_synapse(sums.component, sums.cores, bounds)) synapses.push_back({id, sums});
  return synapses;
}

DroppedCounts dropped_anywhere(const Communicator& comm, const ComponentsById& components,
                               const SizeBounds& bounds) {
  DroppedCounts dropped;
  for (const auto& [id, sums] : components) dropped.add(judge_component(sums.component, sums.cores, bounds));
  return {.no_core = comm.sum(dropped.no_core),
          .too_small = comm.sum(dropped.too_small),
          .too_large = comm.sum(dropped.too_large)};
}

/// Step 5: rank 0 gets all synapses, sorted by first voxel, which no two components share.
std::vector<MergedSynapse> sorted_at_root(const Communicator& comm, const std::vector<MergedSynapse>& mine) {
  auto all = comm.gather(std::span<const MergedSynapse>(mine));
  std::sort(all.begin(), all.end(), [](const MergedSynapse& a, const MergedSynapse& b) {
    return a.sums.component.first_voxel < b.sums.component.first_voxel;
  });
  return all;
}

/// Step 6: the owners learn the numbers of their synapses from rank 0.
NumbersById numbers_at_owners(const Communicator& comm, const std::vector<MergedSynapse>& sorted,
                              const IdOwner& owner_of) {
  std::vector<SynapseNumber> numbers;
  for (const auto& synapse : sorted) numbers.push_back({synapse.canonical, numbers.size() + 1});
  const auto to = outgoing(comm, numbers, [&](const SynapseNumber& n) { return owner_of(n.canonical); });
  NumbersById owned;
  for (const auto& from_rank : comm.exchange(to))
    for (const auto& n : from_rank) owned.emplace(n.canonical, n.number);
  return owned;
}

/// Step 7: every rank asks the owners for the numbers of the components it has a part of; a component that is
/// no synapse has none.
NumbersById numbers_of_own_ids(const Communicator& comm, const std::vector<PartialComponent>& partials,
                               const NumbersById& owned, const IdOwner& owner_of) {
  std::vector<ProvisionalId> ids;
  ids.reserve(partials.size());
  for (const auto& partial : partials) ids.push_back(partial.canonical);
  std::vector<std::vector<SynapseNumber>> answers(to_size(comm.size()));
  const auto questions = comm.exchange(outgoing(comm, ids, owner_of));
  for (std::size_t rank = 0; rank < questions.size(); ++rank) {
    for (const ProvisionalId id : questions[rank]) {
      const auto found = owned.find(id);
      if (found != owned.end()) answers[rank].push_back({id, found->second});
    }
  }
  NumbersById result;
  for (const auto& from_rank : comm.exchange(answers))
    for (const auto& n : from_rank) result.emplace(n.canonical, n.number);
  return result;
}

}  // namespace

CombinedObjects combine_objects(const Communicator& comm, const std::vector<PartialComponent>& components,
                                const std::vector<PartialCore>& cores, const IdOwner& component_owner,
                                const IdOwner& core_owner, const SizeBounds& bounds) {
  const std::vector<PartialComponent> partials = joined(components);
  ComponentsById owned = components_at_owners(comm, partials, component_owner);
  add_cores(comm, owned, cores_at_owners(comm, cores, core_owner), component_owner);
  const auto sorted = sorted_at_root(comm, surviving(owned, bounds));
  const NumbersById owned_numbers = numbers_at_owners(comm, sorted, component_owner);

  CombinedObjects result;
  result.synapses.reserve(sorted.size());
  for (const auto& synapse : sorted) result.synapses.push_back(synapse.sums);
  result.numbers = numbers_of_own_ids(comm, partials, owned_numbers, component_owner);
  result.dropped = dropped_anywhere(comm, owned, bounds);
  return result;
}

}  // namespace cleft
