#include "pipeline/tune/gather_objects.hpp"

#include <algorithm>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// An object on its way to rank 0; its contacts follow in a list of their own.
struct SentObject {
  std::int64_t first_voxel = 0, size = 0, largest_core = 0, contacts = 0;
  ObjectEvidence evidence;
};

}  // namespace

SeenById seen_at_owners(const Communicator& comm, const std::vector<PartialEvidence>& evidence,
                        const std::vector<TruthContact>& contacts, const IdOwner& owner) {
  std::vector<std::vector<PartialEvidence>> evidence_to(to_size(comm.size()));
  std::vector<std::vector<TruthContact>> contacts_to(evidence_to.size());
  for (const PartialEvidence& partial : evidence)
    if (partial.evidence.known > 0) evidence_to[to_size(owner(partial.canonical))].push_back(partial);
  for (const TruthContact& contact : contacts) contacts_to[to_size(owner(contact.object))].push_back(contact);
  SeenById seen;
  for (const auto& from_rank : comm.exchange(evidence_to))
    for (const PartialEvidence& partial : from_rank) seen[partial.canonical].evidence.add(partial.evidence);
  std::vector<TruthContact> all;
  for (const auto& from_rank : comm.exchange(contacts_to))
    all.insert(all.end(), from_rank.begin(), from_rank.end());
  for (const TruthContact& contact : joined(std::move(all))) seen[contact.object].contacts.push_back(contact);
  return seen;
}

std::vector<GatheredObject> gather_objects(const Communicator& comm, std::span<const LocalObject> objects) {
  std::vector<SentObject> mine;
  std::vector<TruthContact> my_contacts;
  for (const auto& [sums, seen] : objects) {
    SentObject sent{.first_voxel = sums->component.first_voxel,
                    .size = sums->component.size,
                    .largest_core = sums->cores.largest,
                    .contacts = 0,
                    .evidence = {}};
    if (seen != nullptr) {
      sent.evidence = seen->evidence;
      sent.contacts = std::ssize(seen->contacts);
      my_contacts.insert(my_contacts.end(), seen->contacts.begin(), seen->contacts.end());
    }
    mine.push_back(sent);
  }
  const auto all = comm.gather(std::span<const SentObject>(mine));
  const auto contacts = comm.gather(std::span<const TruthContact>(my_contacts));
  std::vector<GatheredObject> gathered;
  auto contact = contacts.begin();  // both lists are in the order of ranks
  for (const SentObject& sent : all) {
    gathered.push_back({{sent.first_voxel, sent.size, sent.evidence, {contact, contact + sent.contacts}},
                        sent.largest_core});
    contact += sent.contacts;
  }
  std::ranges::sort(gathered, {}, [](const GatheredObject& g) { return g.object.first_voxel; });
  return gathered;
}

}  // namespace cleft
