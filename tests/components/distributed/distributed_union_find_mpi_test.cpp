#include <gtest/gtest.h>

#include "base/random.hpp"
#include "components/distributed/distributed_union_find.hpp"

namespace cleft {
namespace {

class DistributedUnionFindTest : public testing::Test {
 protected:
  /// 12 ids on rank 0, 17 on rank 1, none on rank 2, 12 on rank 3, ...
  static IdOwners uneven_owners(int ranks) {
    std::vector<std::uint64_t> counts;
    for (int r = 0; r < ranks; ++r)
      counts.push_back(r % 3 == 2 ? 0 : 12 + 5 * static_cast<std::uint64_t>(r % 3));
    return IdOwners(counts);
  }
  std::vector<ProvisionalId> own_ids() const {
    std::vector<ProvisionalId> ids;
    for (ProvisionalId id = owners.begin(rank); id < owners.end(rank); ++id) ids.push_back(id);
    return ids;
  }

  const Communicator world = Communicator::world();
  const int rank = world.rank();
  const IdOwners owners = uneven_owners(world.size());
  DistributedUnionFind union_find{world, owners};
};

TEST_F(DistributedUnionFindTest, BeginsWithARootForEachId) {
  for (const ProvisionalId id : own_ids()) {
    EXPECT_TRUE(union_find.owns(id));
    EXPECT_EQ(union_find.parent(id), id);
  }
  EXPECT_FALSE(union_find.owns(owners.end(rank)));
  EXPECT_EQ(union_find.parents().size(), own_ids().size());
}

TEST_F(DistributedUnionFindTest, AnyRankLearnsParentsOfAnyIds) {
  for (const ProvisionalId id : own_ids()) union_find.set_parent(id, id / 2);
  Random random(5, static_cast<std::uint64_t>(rank));
  std::vector<ProvisionalId> questions;
  for (int i = 0; i < 40 * rank; ++i)
    questions.push_back(random.below(static_cast<std::uint32_t>(owners.count())));
  const ParentTable answers = union_find.parents_of(questions);
  for (const ProvisionalId id : questions) EXPECT_EQ(answers.parent_of(id), id / 2);
}

TEST_F(DistributedUnionFindTest, APathOverAllRanksIsStraightenedInLogarithmicTime) {
  for (const ProvisionalId id : own_ids()) union_find.set_parent(id, id == 0 ? 0 : id - 1);
  union_find.point_to_roots(own_ids());
  for (const ProvisionalId id : own_ids()) EXPECT_EQ(union_find.parent(id), 0U);

  int doublings = 1;
  while ((ProvisionalId{1} << (doublings - 1)) < owners.count()) ++doublings;
  EXPECT_LE(union_find.traffic().exchanges, 2 * doublings);
}

TEST_F(DistributedUnionFindTest, TreesKeepTheirOwnRoots) {
  // Three interleaved paths, each over all ranks.
  for (const ProvisionalId id : own_ids()) union_find.set_parent(id, id < 3 ? id : id - 3);
  union_find.point_to_roots(own_ids());
  for (const ProvisionalId id : own_ids()) EXPECT_EQ(union_find.parent(id), id % 3);
}

TEST_F(DistributedUnionFindTest, PairsArriveAtTheOwnersOfTheirFirstIds) {
  std::vector<IdPair> pairs;
  for (ProvisionalId id = 0; id < owners.count(); ++id)
    pairs.push_back({id, static_cast<ProvisionalId>(rank)});
  const auto received = union_find.send_to_owners(pairs);
  std::vector<IdPair> expected;
  for (int sender = 0; sender < world.size(); ++sender)
    for (const ProvisionalId id : own_ids()) expected.push_back({id, static_cast<ProvisionalId>(sender)});
  EXPECT_EQ(received, expected);
}

TEST_F(DistributedUnionFindTest, CountsWhatItSends) {
  std::vector<ProvisionalId> all;
  for (ProvisionalId id = 0; id < owners.count(); ++id) all.push_back(id);
  union_find.parents_of(all);
  const std::uint64_t own = own_ids().size(), others = owners.count() - own;
  const auto ranks = static_cast<std::uint64_t>(world.size());
  EXPECT_EQ(union_find.traffic().exchanges, 2);
  EXPECT_EQ(union_find.traffic().bytes_sent, sizeof(ProvisionalId) * (others + (ranks - 1) * own));
  EXPECT_EQ(union_find.traffic().max_ids, own + owners.count() + ranks * own);
}

}  // namespace
}  // namespace cleft
