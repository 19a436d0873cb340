#include "forest/average.hpp"

#include <gtest/gtest.h>

namespace cleft {
namespace {

Forest of_trees(int trees, std::vector<std::int32_t> sub_forest_ends) {
  Forest forest;
  forest.roots.resize(static_cast<std::size_t>(trees));
  forest.sub_forest_ends = std::move(sub_forest_ends);
  return forest;
}

TEST(Mean, OfNoWeightIsZero) {
  EXPECT_EQ(mean(3, 4), 0.75F);
  EXPECT_EQ(mean(3, 0), 0.0F);
}

TEST(SubForests, OfAForestThatIsNotDividedAreItself) {
  const SubForests whole(of_trees(10, {}));
  EXPECT_EQ(whole.count(), 1U);
  EXPECT_EQ(whole.end(0), 10);
  EXPECT_EQ(whole.mean_of_shares(whole.share(0.3F, 10)), 0.3F)
      << "its average is the probability, bit for bit";
}

/// Averages of 0.5 over 2 trees and 0.25 over 6 trees: (1 + 1.5) / 8.
TEST(SubForests, AreWeightedByTheirNumbersOfTrees) {
  const SubForests two(of_trees(8, {2, 8}));
  EXPECT_EQ(two.count(), 2U);
  EXPECT_EQ(two.end(0), 2);
  EXPECT_EQ(two.end(1), 8);
  EXPECT_EQ(two.mean_of_shares(two.share(0.5F, 2) + two.share(0.25F, 6)), 0.3125F);
}

}  // namespace
}  // namespace cleft
