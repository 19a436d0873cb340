#include "components/id_owners.hpp"

#include <gtest/gtest.h>

namespace cleft {
namespace {

using Counts = std::vector<std::uint64_t>;

TEST(IdOwnersTest, RangesFollowOneAnother) {
  const IdOwners owners(Counts{3, 0, 5, 2});
  EXPECT_EQ(owners.ranks(), 4);
  EXPECT_EQ(owners.count(), 10U);
  EXPECT_EQ(owners.begin(0), 0U);
  EXPECT_EQ(owners.end(0), 3U);
  EXPECT_EQ(owners.begin(1), owners.end(1));
  EXPECT_EQ(owners.begin(3), 8U);
}

TEST(IdOwnersTest, EachIdHasTheOwnerWhoseRangeItIsIn) {
  for (const auto& counts :
       {Counts{3, 0, 5, 2}, Counts{0, 0, 4}, Counts{4, 0, 0}, Counts{7}, Counts{0, 1, 0, 1, 0}}) {
    const IdOwners owners(counts);
    ProvisionalId id = 0;
    for (int rank = 0; rank < owners.ranks(); ++rank)
      for (; id < owners.end(rank); ++id) EXPECT_EQ(owners.owner_of(id), rank);
    EXPECT_EQ(id, owners.count());
  }
}

TEST(IdOwnersTest, NoIdsAtAll) {
  EXPECT_EQ(IdOwners(Counts{0, 0}).count(), 0U);
}

TEST(IdOwnersTest, IdsBeyond32Bits) {
  const std::uint64_t many = std::uint64_t{1} << 40;
  const IdOwners owners(Counts{many, many});
  EXPECT_EQ(owners.owner_of(many - 1), 0);
  EXPECT_EQ(owners.owner_of(many), 1);
}

}  // namespace
}  // namespace cleft
