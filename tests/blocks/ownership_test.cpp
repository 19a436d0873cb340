#include "blocks/ownership.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(Ownership, TheHeadersExampleHolds) {
  EXPECT_EQ(owned_range(10, 0, 4), (NumberRange{0, 3}));
  EXPECT_EQ(owned_range(10, 1, 4), (NumberRange{3, 6}));
  EXPECT_EQ(owned_range(10, 2, 4), (NumberRange{6, 8}));
  EXPECT_EQ(owned_range(10, 3, 4), (NumberRange{8, 10}));
}

TEST(Ownership, SharesAreConsecutiveBalancedAndKnowTheirOwner) {
  for (std::int64_t count = 0; count < 40; ++count) {
    for (int ranks = 1; ranks < 12; ++ranks) {
      std::int64_t next = 0, smallest = count, largest = 0;
      for (int rank = 0; rank < ranks; ++rank) {
        const NumberRange mine = owned_range(count, rank, ranks);
        EXPECT_EQ(mine.begin, next);
        for (std::int64_t n = mine.begin; n < mine.end; ++n) EXPECT_EQ(owner_of(n, count, ranks), rank);
        next = mine.end;
        smallest = std::min(smallest, mine.size());
        largest = std::max(largest, mine.size());
      }
      EXPECT_EQ(next, count);
      EXPECT_LE(largest - smallest, 1);
    }
  }
}

TEST(Ownership, CountsBeyond32BitsWork) {
  const std::int64_t count = std::int64_t{1} << 40;
  EXPECT_EQ(owner_of(count - 1, count, 7), 6);
  EXPECT_EQ(owned_range(count, 6, 7).end, count);
}

}  // namespace
}  // namespace cleft
