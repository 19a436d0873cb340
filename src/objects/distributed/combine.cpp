#include "objects/distributed/combine.hpp"

#include <algorithm>
#include <utility>

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

/// A component or a part that may become an object, on its way to rank 0.
struct SentObject {
  int rank = 0;             // that it comes from
  std::uint64_t index = 0;  // among the objects of that rank
  SynapseSums sums;
};
/// The number of one of a rank's objects on its way back.
struct SentNumber {
  std::uint64_t index = 0, number = 0;
};
/// A component's number on its way to the ranks that have parts of it.
struct ComponentNumber {
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

/// The sums of a component, without its cores, and what its decisive step follows from.
struct JoinedComponent {
  ComponentSums sums;
  HighestSteps steps;

  void add(const ComponentSums& other, HighestSteps&& other_steps, std::int64_t needed) {
    sums = combine(sums, other);
    steps = steps.empty() ? std::move(other_steps) : combine(steps, other_steps, needed);
  }
};
using JoinedById = std::unordered_map<ProvisionalId, JoinedComponent>;

/// The sums of a partial component on their way to its owner, and one of its highest steps.
struct SentSums {
  ProvisionalId canonical = 0;
  ComponentSums sums;
};
struct SentStep {
  ProvisionalId canonical = 0;
  StepCount step;
};

/// Adds up the partial components of each component on this rank, so that a component that lies in many
/// blocks of one rank is sent once.
JoinedById joined(std::vector<PartialComponent> partials, std::int64_t needed) {
  JoinedById by_id;
  for (auto& partial : partials) {
    by_id[partial.canonical].add(partial.sums, std::move(partial.steps), needed);
    partial.steps = {};
  }
  return by_id;
}

/// Step 1: every component's sums, complete, at its owner.
ComponentsById components_at_owners(const Communicator& comm, JoinedById partials, const IdOwner& owner_of,
                                    std::int64_t needed) {
  std::vector<std::vector<SentSums>> sums(to_size(comm.size()));
  std::vector<std::vector<SentStep>> steps(sums.size());
  for (auto& [id, partial] : partials) {
    const std::size_t owner = to_size(owner_of(id));
    sums[owner].push_back({id, partial.sums});
    for (const StepCount& step : partial.steps) steps[owner].push_back({id, step});
    partial.steps = {};  // they can be many: none is held twice
  }
  partials.clear();
  ComponentsById owned;
  for (const auto& from_rank : comm.exchange(sums))
    for (const SentSums& sent : from_rank) {
      ComponentSums& all = owned[sent.canonical].component;
      all = combine(all, sent.sums);
    }
  sums = {};
  std::unordered_map<ProvisionalId, HighestSteps> highest;
  const auto received = comm.exchange(steps);
  steps = {};
  for (const auto& from_rank : received)
    for (auto sent = from_rank.begin(); sent != from_rank.end();) {
      // Those of one component come one after the other, as they were sent.
      const ProvisionalId id = sent->canonical;
      HighestSteps of_rank;
      for (; sent != from_rank.end() && sent->canonical == id; ++sent) of_rank.push_back(sent->step);
      HighestSteps& all = highest[id];
      all = combine(all, of_rank, needed);
    }
  for (const auto& [id, all] : highest) owned[id].decisive = decisive_step(all, needed);
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

/// What a rank has found, components before parts. Their order is that of nothing.
struct OwnObjects {
  std::vector<ProvisionalId> ids;  // of the components
  std::vector<SynapseSums> sums;   // of these, then of the parts
};

OwnObjects own_objects(const ComponentsById& components, std::span<const SynapseSums> parts) {
  OwnObjects own;
  own.ids.reserve(components.size());
  own.sums.reserve(components.size() + parts.size());
  for (const auto& [id, sums] : components) {
    own.ids.push_back(id);
    own.sums.push_back(sums);
  }
  own.sums.insert(own.sums.end(), parts.begin(), parts.end());
  return own;
}

/// Step 4: the components and parts that are synapses.
std::vector<SentObject> surviving(const OwnObjects& own, const SizeBounds& bounds, int rank) {
  std::vector<SentObject> synapses;
  for (std::size_t i = 0; i < own.sums.size(); ++i)
    if (is_synapse(own.sums[i].component, own.sums[i].cores, bounds))
      synapses.push_back({rank, i, own.sums[i]});
  return synapses;
}

CandidateRank rank_of(const SentObject& candidate) {
  return {candidate.sums.decisive, candidate.sums.component.first_voxel};
}

/// Leaves the best ones, and one more where there are more: it tells the best rank that is left out.
void keep_best(std::vector<SentObject>& candidates, std::int64_t max_count) {
  std::sort(candidates.begin(), candidates.end(),
            [](const SentObject& a, const SentObject& b) { return is_better(rank_of(a), rank_of(b)); });
  if (std::ssize(candidates) > max_count) candidates.resize(to_size(max_count) + 1);
}

/// Likewise the candidates that may be kept.
std::vector<SentObject> candidates_among(const OwnObjects& own, const ObjectRule& rule, int rank) {
  const auto limit = last_rank_kept(rule.candidates);
  std::vector<SentObject> candidates;
  if (!limit) return candidates;
  for (std::size_t i = 0; i < own.sums.size(); ++i) {
    if (!is_candidate(own.sums[i].component, own.sums[i].cores, rule.bounds)) continue;
    const SentObject candidate{rank, i, own.sums[i]};
    if (!is_better(*limit, rank_of(candidate))) candidates.push_back(candidate);
  }
  keep_best(candidates, rule.candidates.max_count);
  return candidates;
}

DroppedCounts dropped_anywhere(const Communicator& comm, const OwnObjects& own, const SizeBounds& bounds) {
  DroppedCounts dropped;
  for (const SynapseSums& sums : own.sums) dropped.add(judge_component(sums.component, sums.cores, bounds));
  return {.no_core = comm.sum(dropped.no_core),
          .too_small = comm.sum(dropped.too_small),
          .too_large = comm.sum(dropped.too_large)};
}

/// Step 5: rank 0 gets objects of all ranks.
std::vector<SentObject> at_root(const Communicator& comm, const std::vector<SentObject>& mine) {
  return comm.gather(std::span<const SentObject>(mine));
}

/// Sorts by first voxel, which no two objects share.
void sort_by_place(std::vector<SentObject>& objects) {
  std::sort(objects.begin(), objects.end(), [](const SentObject& a, const SentObject& b) {
    return a.sums.component.first_voxel < b.sums.component.first_voxel;
  });
}

/// Step 6: the ranks learn the numbers of their objects from rank 0.
/// \returns [own object] its number, 0 where it is none.
std::vector<std::uint64_t> numbers_of_own(const Communicator& comm, const std::vector<SentObject>& sorted,
                                          std::size_t own_count) {
  std::vector<std::vector<SentNumber>> to(to_size(comm.size()));
  for (std::size_t i = 0; i < sorted.size(); ++i)
    to[to_size(sorted[i].rank)].push_back({sorted[i].index, i + 1});
  std::vector<std::uint64_t> numbers(own_count, 0);
  for (const auto& from_rank : comm.exchange(to))
    for (const SentNumber& sent : from_rank) numbers[sent.index] = sent.number;
  return numbers;
}

/// Step 7: every rank asks the owners for the numbers of the components it has a part of; a component that is
/// no synapse has none.
NumbersById numbers_of_ids(const Communicator& comm, const std::vector<ProvisionalId>& ids,
                           const NumbersById& owned, const IdOwner& owner_of) {
  std::vector<std::vector<ComponentNumber>> answers(to_size(comm.size()));
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

WholeComponents join_components(const Communicator& comm, std::vector<PartialComponent> components,
                                const std::vector<PartialCore>& cores, const IdOwner& component_owner,
                                const IdOwner& core_owner, std::int64_t needed) {
  WholeComponents whole;
  JoinedById partials = joined(std::move(components), needed);
  whole.ids_here.reserve(partials.size());
  for (const auto& [id, partial] : partials) whole.ids_here.push_back(id);
  whole.owned = components_at_owners(comm, std::move(partials), component_owner, needed);
  add_cores(comm, whole.owned, cores_at_owners(comm, cores, core_owner), component_owner);
  return whole;
}

CombinedObjects number_objects(const Communicator& comm, const WholeComponents& components,
                               std::span<const SynapseSums> parts, const IdOwner& component_owner,
                               const ObjectRule& rule) {
  const OwnObjects own = own_objects(components.owned, parts);
  auto objects = at_root(comm, surviving(own, rule.bounds, comm.rank()));
  auto candidates = at_root(comm, candidates_among(own, rule, comm.rank()));

  CombinedObjects result;
  keep_best(candidates, rule.candidates.max_count);
  if (std::ssize(candidates) > rule.candidates.max_count) {
    result.best_left_out = candidates.back().sums.decisive;
    candidates.pop_back();
  }
  sort_by_place(objects);
  sort_by_place(candidates);
  result.synapse_count = comm.broadcast(narrow<std::int64_t>(objects.size()));
  result.candidate_count = comm.broadcast(narrow<std::int64_t>(candidates.size()));
  objects.insert(objects.end(), candidates.begin(), candidates.end());
  const auto numbers = numbers_of_own(comm, objects, own.sums.size());
  result.objects.reserve(objects.size());
  for (const auto& object : objects) result.objects.push_back(object.sums);
  NumbersById of_components;
  for (std::size_t i = 0; i < own.ids.size(); ++i)
    if (numbers[i] != 0) of_components.emplace(own.ids[i], numbers[i]);
  result.numbers = numbers_of_ids(comm, components.ids_here, of_components, component_owner);
  result.part_numbers.assign(numbers.begin() + std::ssize(own.ids), numbers.end());
  result.dropped = dropped_anywhere(comm, own, rule.bounds);
  return result;
}

}  // namespace cleft
