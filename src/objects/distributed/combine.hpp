#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "components/id_owners.hpp"
#include "objects/measure.hpp"
#include "objects/size_filter.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// The rank that owns a canonical id. The same answer on every rank.
using IdOwner = std::function<int(ProvisionalId)>;

/// The sums of that part of a component of the reference mask that lies in one block.
struct PartialComponent {
  ProvisionalId canonical = 0;  ///< canonical id of the component
  ComponentSums sums;
};

/// The voxels of that part of a component of the core mask that lies in one block.
struct PartialCore {
  ProvisionalId canonical = 0;  ///< canonical id of the core component
  ProvisionalId component = 0;  ///< canonical id of the reference component it lies in
  std::int64_t voxels = 0;
};

/// A synapse before its derived values.
struct SynapseSums {
  ComponentSums component;
  CoreSums cores;

  friend bool operator==(const SynapseSums&, const SynapseSums&) = default;
};

/// The synapses of the whole volume.
struct CombinedObjects {
  /// On rank 0 the synapses in order of first voxel: number i at index i − 1. Empty on other ranks.
  std::vector<SynapseSums> synapses;
  /// [canonical id] the number of a synapse, for those of which this rank's blocks have a part.
  std::unordered_map<ProvisionalId, std::uint64_t> numbers;
  /// How many components are no synapses, over all ranks; the same on every rank.
  DroppedCounts dropped;
};

/// Adds up the partial components of every component, keeps those that are synapses and numbers them 1 … N in
/// order of first voxel. Collective over `comm`.
///
/// What crosses the network is proportional to the number of partial components; only a component's owner
/// holds its sums, and rank 0 holds those of synapses only. The result does not depend on how the volume was
/// cut.
///
/// \param components       Partial components of this rank's blocks, in any order; may be empty.
/// \param cores            Likewise of the core mask. Every core component lies in one reference component.
/// \param component_owner  Which rank owns a canonical id of the reference mask.
/// \param core_owner       Which rank owns a canonical id of the core mask.
/// \param bounds           Of the size filter, see is_synapse.
/// \throws CollectiveError on every rank (an internal error) when a core lies in a component of which no rank
///         has a part.
CombinedObjects combine_objects(const Communicator& comm, const std::vector<PartialComponent>& components,
                                const std::vector<PartialCore>& cores, const IdOwner& component_owner,
                                const IdOwner& core_owner, const SizeBounds& bounds);

}  // namespace cleft
