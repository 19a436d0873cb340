#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "components/id_owners.hpp"
#include "objects/distributed/combine.hpp"
#include "objects/judge/evidence.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/tune/setting_judge.hpp"

namespace cleft {

/// What has been seen of a component or of a part of one.
struct SeenObject {
  ObjectEvidence evidence;
  std::vector<TruthContact> contacts;  ///< in order of truth
};

/// [canonical id] what has been seen of the components that this rank owns; of those without evidence there
/// need be nothing.
using SeenById = std::unordered_map<ProvisionalId, SeenObject>;

/// The evidence of a component in one block, and of which.
struct PartialEvidence {
  ProvisionalId canonical = 0;
  ObjectEvidence evidence;
};

/// Adds up, for every component, what was seen of it in blocks of all ranks. Collective over `comm`.
/// \param contacts  Their objects are canonical ids.
SeenById seen_at_owners(const Communicator& comm, const std::vector<PartialEvidence>& evidence,
                        const std::vector<TruthContact>& contacts, const IdOwner& owner);

/// An object that may be one of a setting, on rank 0.
struct GatheredObject {
  FoundObject object;
  std::int64_t largest_core = 0;  ///< voxels; 0: it has no core
};

/// A component or a part on this rank: its sums, and what was seen of it (null: nothing).
struct LocalObject {
  const SynapseSums* sums = nullptr;
  const SeenObject* seen = nullptr;
};

/// All ranks' objects on rank 0, in order of first voxel; none elsewhere. Collective over `comm`.
std::vector<GatheredObject> gather_objects(const Communicator& comm, std::span<const LocalObject> objects);

}  // namespace cleft
