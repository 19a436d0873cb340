#include "blocks/share_out.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

using Shares = std::vector<std::vector<std::size_t>>;

TEST(ShareOutTest, TheLargestFirstToWhoHasLeast) {
  const std::vector<std::int64_t> costs{1, 9, 4, 4, 2};
  EXPECT_EQ(share_out(costs, 2), (Shares{{1, 0}, {2, 3, 4}}));
  EXPECT_EQ(share_out(costs, 1), (Shares{{1, 2, 3, 4, 0}}));
  EXPECT_EQ(share_out({}, 3), Shares(3));
}

TEST(ShareOutTest, EveryPieceOnceAndNoRankFarAboveItsShare) {
  Random random(8);
  for (const int ranks : {1, 2, 3, 7, 40}) {
    std::vector<std::int64_t> costs(100);
    std::int64_t sum = 0;
    for (auto& cost : costs) sum += cost = random.below(1000);
    const auto shares = share_out(costs, ranks);
    ASSERT_EQ(std::ssize(shares), ranks);
    std::vector<std::size_t> all;
    for (const auto& share : shares) {
      std::int64_t load = 0;
      for (const std::size_t piece : share) load += costs[piece];
      EXPECT_LE(load, sum / ranks + *std::max_element(costs.begin(), costs.end()));
      all.insert(all.end(), share.begin(), share.end());
    }
    std::sort(all.begin(), all.end());
    ASSERT_EQ(all.size(), costs.size());
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], i);
  }
}

}  // namespace
}  // namespace cleft
