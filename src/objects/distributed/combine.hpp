#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "components/id_owners.hpp"
#include "objects/candidates.hpp"
#include "objects/decisive_ratio.hpp"
#include "objects/measure.hpp"
#include "objects/size_filter.hpp"
#include "objects/synapse_sums.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// The rank that owns a canonical id. The same answer on every rank.
using IdOwner = std::function<int(ProvisionalId)>;

/// The sums of that part of a component of the reference mask that lies in one block.
struct PartialComponent {
  ProvisionalId canonical = 0;  ///< canonical id of the component
  ComponentSums sums;
  HighestSteps steps;  ///< of as many voxels as a core needs
};

/// The voxels of that part of a component of the core mask that lies in one block.
struct PartialCore {
  ProvisionalId canonical = 0;  ///< canonical id of the core component
  ProvisionalId component = 0;  ///< canonical id of the reference component it lies in
  std::int64_t voxels = 0;
};

/// The components of the whole volume, whatever they are.
struct WholeComponents {
  /// [canonical id] those that this rank owns.
  std::unordered_map<ProvisionalId, SynapseSums> owned;
  /// The canonical ids of those of which this rank's blocks have a part, each once.
  std::vector<ProvisionalId> ids_here;
};

/// The synapses of the whole volume, and the candidates beside them.
struct CombinedObjects {
  /// On rank 0 the synapses in order of first voxel and behind them the candidates in theirs: number i at
  /// index i − 1. Empty on other ranks.
  std::vector<SynapseSums> objects;
  std::int64_t synapse_count = 0, candidate_count = 0;  ///< the same on every rank
  /// On rank 0, where candidates were left out because there are too many: the best one's decisive step.
  std::optional<RatioStep> best_left_out;
  /// [canonical id] the number of an object, for those of which this rank's blocks have a part.
  std::unordered_map<ProvisionalId, std::uint64_t> numbers;
  /// [part given here] its number; 0 where it is no object.
  std::vector<std::uint64_t> part_numbers;
  /// How many components are no synapses, over all ranks, kept or not; the same on every rank. Each part
  /// counts as one.
  DroppedCounts dropped;
};

/// Adds up the partial components of every component. Collective over `comm`.
///
/// What crosses the network is proportional to the number of partial components, and for each to the steps of
/// as many voxels as a core needs; only a component's owner holds its sums. The result does not depend on how
/// the volume was cut.
///
/// \param components       Partial components of this rank's blocks, in any order; may be empty. Taken by
///                         value: whoever moves them here does not hold their steps twice.
/// \param cores            Likewise of the core mask. Every core component lies in one reference component.
/// \param component_owner  Which rank owns a canonical id of the reference mask.
/// \param core_owner       Which rank owns a canonical id of the core mask.
/// \param needed           Voxels that a core needs, at least 1.
/// \throws CollectiveError on every rank (an internal error) when a core lies in a component of which no rank
///         has a part.
WholeComponents join_components(const Communicator& comm, std::vector<PartialComponent> components,
                                const std::vector<PartialCore>& cores, const IdOwner& component_owner,
                                const IdOwner& core_owner, std::int64_t needed);

/// Keeps the components and parts that are synapses and numbers them 1 … N in order of first voxel; the
/// candidates that are kept get the numbers behind those. Collective over `comm`.
///
/// Rank 0 holds the sums of synapses and, from each rank, of no more candidates than are kept.
///
/// \param components       Those that are no longer whole are taken out of `owned`.
/// \param parts            What has taken their place: each on one rank, in any order.
/// \param component_owner  As above.
CombinedObjects number_objects(const Communicator& comm, const WholeComponents& components,
                               std::span<const SynapseSums> parts, const IdOwner& component_owner,
                               const ObjectRule& rule);

}  // namespace cleft
