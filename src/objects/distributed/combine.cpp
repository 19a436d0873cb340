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
  Label component = 0;
  std::int64_t voxels = 0;
};

/// A synapse on its way to rank 0, and its number on the way back.
struct LabelledSynapse {
  Label label = 0;
  SynapseSums sums;
};
struct LabelNumber {
  Label label = 0;
  std::uint64_t number = 0;
};

using ComponentsByLabel = std::unordered_map<Label, SynapseSums>;
using NumbersByLabel = std::unordered_map<Label, std::uint64_t>;

/// Values sorted by the rank they go to.
template <class T, class OwnerOfValue>
std::vector<std::vector<T>> outgoing(const Communicator& comm, const std::vector<T>& values,
                                     const OwnerOfValue& owner_of) {
  std::vector<std::vector<T>> to(to_size(comm.size()));
  for (const T& value : values) to[to_size(owner_of(value))].push_back(value);
  return to;
}

/// One piece per label, so that a component cut into many blocks of one rank is sent once.
std::vector<ComponentPiece> joined(const std::vector<ComponentPiece>& pieces) {
  std::unordered_map<Label, ComponentSums> by_label;
  for (const auto& piece : pieces) {
    ComponentSums& sums = by_label[piece.label];
    sums = combine(sums, piece.sums);
  }
  std::vector<ComponentPiece> result;
  result.reserve(by_label.size());
  for (const auto& [label, sums] : by_label) result.push_back({label, sums});
  return result;
}

/// Step 1: every component's sums, complete, at its owner.
ComponentsByLabel components_at_owners(const Communicator& comm, const std::vector<ComponentPiece>& pieces,
                                       const LabelOwner& owner_of) {
  ComponentsByLabel owned;
  const auto to = outgoing(comm, pieces, [&](const ComponentPiece& piece) { return owner_of(piece.label); });
  for (const auto& from_rank : comm.exchange(to)) {
    for (const auto& piece : from_rank) {
      ComponentSums& sums = owned[piece.label].component;
      sums = combine(sums, piece.sums);
    }
  }
  return owned;
}

/// Step 2: every core component, complete, at the owner of its own label.
std::vector<WholeCore> cores_at_owners(const Communicator& comm, const std::vector<CorePiece>& pieces,
                                       const LabelOwner& owner_of) {
  std::unordered_map<Label, WholeCore> owned;
  const auto to = outgoing(comm, pieces, [&](const CorePiece& piece) { return owner_of(piece.label); });
  for (const auto& from_rank : comm.exchange(to)) {
    for (const auto& piece : from_rank) {
      WholeCore& core = owned[piece.label];
      core.component = piece.component;
      core.voxels += piece.voxels;
    }
  }
  std::vector<WholeCore> result;
  result.reserve(owned.size());
  for (const auto& [label, core] : owned) result.push_back(core);
  return result;
}

/// Step 3: every core component's size at the owner of the component it lies in.
void add_cores(const Communicator& comm, ComponentsByLabel& components, const std::vector<WholeCore>& cores,
               const LabelOwner& owner_of) {
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
std::vector<LabelledSynapse> surviving(const ComponentsByLabel& components, const SizeBounds& bounds) {
  std::vector<LabelledSynapse> synapses;
  for (const auto& [label, sums] : components)
    if (is_synapse(sums.component, sums.cores, bounds)) synapses.push_back({label, sums});
  return synapses;
}

/// Step 5: rank 0 gets all synapses, sorted by first voxel, which no two components share.
std::vector<LabelledSynapse> sorted_at_root(const Communicator& comm,
                                            const std::vector<LabelledSynapse>& mine) {
  auto all = comm.gather(std::span<const LabelledSynapse>(mine));
  std::sort(all.begin(), all.end(), [](const LabelledSynapse& a, const LabelledSynapse& b) {
    return a.sums.component.first_voxel < b.sums.component.first_voxel;
  });
  return all;
}

/// Step 6: the owners learn the numbers of their synapses from rank 0.
NumbersByLabel numbers_at_owners(const Communicator& comm, const std::vector<LabelledSynapse>& sorted,
                                 const LabelOwner& owner_of) {
  std::vector<LabelNumber> numbers;
  for (const auto& synapse : sorted) numbers.push_back({synapse.label, numbers.size() + 1});
  const auto to = outgoing(comm, numbers, [&](const LabelNumber& n) { return owner_of(n.label); });
  NumbersByLabel owned;
  for (const auto& from_rank : comm.exchange(to))
    for (const auto& n : from_rank) owned.emplace(n.label, n.number);
  return owned;
}

/// Step 7: every rank asks the owners for the numbers of its own labels; a label that is no synapse has none.
NumbersByLabel numbers_of_own_labels(const Communicator& comm, const std::vector<ComponentPiece>& pieces,
                                     const NumbersByLabel& owned, const LabelOwner& owner_of) {
  std::vector<Label> labels;
  labels.reserve(pieces.size());
  for (const auto& piece : pieces) labels.push_back(piece.label);
  std::vector<std::vector<LabelNumber>> answers(to_size(comm.size()));
  const auto questions = comm.exchange(outgoing(comm, labels, owner_of));
  for (std::size_t rank = 0; rank < questions.size(); ++rank) {
    for (const Label label : questions[rank]) {
      const auto found = owned.find(label);
      if (found != owned.end()) answers[rank].push_back({label, found->second});
    }
  }
  NumbersByLabel result;
  for (const auto& from_rank : comm.exchange(answers))
    for (const auto& n : from_rank) result.emplace(n.label, n.number);
  return result;
}

}  // namespace

CombinedObjects combine_objects(const Communicator& comm, const std::vector<ComponentPiece>& components,
                                const std::vector<CorePiece>& cores, const LabelOwner& component_owner,
                                const LabelOwner& core_owner, const SizeBounds& bounds) {
  const std::vector<ComponentPiece> pieces = joined(components);
  ComponentsByLabel owned = components_at_owners(comm, pieces, component_owner);
  add_cores(comm, owned, cores_at_owners(comm, cores, core_owner), component_owner);
  const auto sorted = sorted_at_root(comm, surviving(owned, bounds));
  const NumbersByLabel owned_numbers = numbers_at_owners(comm, sorted, component_owner);

  CombinedObjects result;
  result.synapses.reserve(sorted.size());
  for (const auto& synapse : sorted) result.synapses.push_back(synapse.sums);
  result.numbers = numbers_of_own_labels(comm, pieces, owned_numbers, component_owner);
  return result;
}

}  // namespace cleft
