#include <map>
#include <utility>

#include <gtest/gtest.h>

#include "pipeline/tune/gather_objects.hpp"

namespace cleft {
namespace {

/// Component 100 + n is owned by rank n mod ranks, and each rank has seen something of every component.
constexpr std::uint64_t components = 9;

ObjectEvidence evidence_on(int rank, std::uint64_t n) {
  const auto v = static_cast<std::int64_t>(n) + 10 * rank;
  return {.judged = v % 3, .known = v, .z = 2 * v, .y = 3 * v, .twice_x = 5 * v};
}

TEST(GatherObjects, WhatIsSeenAddsUpAtTheOwner) {
  const Communicator comm = Communicator::world();
  const IdOwner owner = [&](ProvisionalId id) { return int((id - 100) % std::uint64_t(comm.size())); };
  std::vector<PartialEvidence> evidence;
  std::vector<TruthContact> contacts;
  for (std::uint64_t n = 0; n < components; ++n) {
    evidence.push_back({100 + n, evidence_on(comm.rank(), n)});
    if (n % 2 == 0) {
      contacts.push_back({100 + n, 3, 1 + comm.rank(), 50.0 - comm.rank()});
      contacts.push_back({100 + n, std::uint64_t(10 + comm.rank()), 7, 1});
    }
  }
  const SeenById seen = seen_at_owners(comm, evidence, contacts, owner);
  for (std::uint64_t n = 0; n < components; ++n) {
    const auto found = seen.find(100 + n);
    ASSERT_TRUE(found == seen.end() || owner(100 + n) == comm.rank());
    if (owner(100 + n) != comm.rank()) continue;
    ObjectEvidence expected;
    std::int64_t overlap = 0;
    std::vector<TruthContact> expected_contacts{{}};
    for (int rank = 0; rank < comm.size(); ++rank) {
      if (evidence_on(rank, n).known > 0) expected.add(evidence_on(rank, n));
      overlap += 1 + rank;
      expected_contacts.push_back({100 + n, std::uint64_t(10 + rank), 7, 1});
    }
    expected_contacts.front() = {100 + n, 3, overlap, 50.0 - (comm.size() - 1)};
    if (n % 2 != 0) expected_contacts.clear();
    if (found == seen.end()) {
      EXPECT_EQ(expected.known, 0);
      continue;
    }
    EXPECT_EQ(found->second.evidence, expected);
    EXPECT_EQ(found->second.contacts, expected_contacts);
  }
}

TEST(GatherObjects, RankZeroHasAllInOrderOfFirstVoxelWithTheirContacts) {
  const Communicator comm = Communicator::world();
  std::vector<SynapseSums> sums(components);
  std::vector<SeenObject> seen(components);
  std::vector<LocalObject> mine;
  for (std::uint64_t n = 0; n < components; ++n) {
    const auto v = static_cast<std::int64_t>(n);
    sums[n].component.first_voxel = 1000 - 7 * v;
    sums[n].component.size = 10 + v;
    sums[n].cores.largest = v;
    seen[n].evidence.judged = v;
    for (std::uint64_t t = 0; t < n % 4; ++t) seen[n].contacts.push_back({n, t, v, 0.5});
    if (n % std::uint64_t(comm.size()) == std::uint64_t(comm.rank()))
      mine.push_back({&sums[n], n == 5 ? nullptr : &seen[n]});
  }
  const auto gathered = gather_objects(comm, mine);
  if (!comm.is_root()) {
    EXPECT_TRUE(gathered.empty());
    return;
  }
  ASSERT_EQ(gathered.size(), components);
  for (std::uint64_t i = 0; i < components; ++i) {
    const std::uint64_t n = components - 1 - i;
    const auto& [object, largest_core] = gathered[i];
    EXPECT_EQ(object.first_voxel, sums[n].component.first_voxel);
    EXPECT_EQ(object.size, sums[n].component.size);
    EXPECT_EQ(largest_core, std::int64_t(n));
    EXPECT_EQ(object.evidence.judged, n == 5 ? 0 : std::int64_t(n));
    EXPECT_EQ(object.contacts, n == 5 ? std::vector<TruthContact>{} : seen[n].contacts);
  }
}

}  // namespace
}  // namespace cleft
