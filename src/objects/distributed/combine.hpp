#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "components/label_owners.hpp"
#include "objects/measure.hpp"
#include "objects/size_filter.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// The rank that owns a canonical label. The same answer on every rank.
using LabelOwner = std::function<int(Label)>;

/// What one rank has seen of a component of the reference mask.
struct ComponentPiece {
  Label label = 0;  ///< canonical
  ComponentSums sums;
};

/// What one rank has seen of a component of the core mask.
struct CorePiece {
  Label label = 0;      ///< canonical, of the core mask
  Label component = 0;  ///< canonical label of the reference component it lies in
  std::int64_t voxels = 0;
};

/// A synapse before its derived values.
struct SynapseSums {
  ComponentSums component;
  CoreSums cores;

  friend bool operator==(const SynapseSums&, const SynapseSums&) = default;
};

struct CombinedObjects {
  std::vector<SynapseSums> synapses;  ///< rank 0: number i at index i - 1, by first voxel; empty elsewhere
  std::unordered_map<Label, std::uint64_t> numbers;  ///< of this rank's own labels, those that are synapses
};

/// Puts the pieces of every object together, keeps the synapses and numbers them 1 ... N by first voxel.
/// Collective.
///
/// What crosses the network is proportional to pieces; no rank but a component's owner holds its sums, and
/// rank 0 holds synapses only. The result does not depend on how the volume was cut.
///
/// \param components   This rank's pieces; several may have the same label, and none need be here.
/// \param cores        Likewise of the core mask; every core component lies in one reference component.
/// \param component_owner, core_owner  Owners of the labels of the two masks.
/// \throws CollectiveError on every rank, a bug's, when a core lies in a component nobody has a piece of.
CombinedObjects combine_objects(const Communicator& comm, const std::vector<ComponentPiece>& components,
                                const std::vector<CorePiece>& cores, const LabelOwner& component_owner,
                                const LabelOwner& core_owner, const SizeBounds& bounds);

}  // namespace cleft
