#include "forest/predict/packed_forest.hpp"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "forest/random_forest.hpp"

namespace cleft::forest {
namespace {

using testing::ElementsAre;

/// One tree of one node; leaf 0 and leaf 1 as the fractions say.
Forest stump(std::vector<float> fractions, int classes) {
  Forest f;
  f.channel_count = 1;
  f.class_count = classes;
  f.roots = {0};
  f.channel = {0};
  f.threshold = {0.5};
  f.left = {~0};
  f.right = {~1};
  f.leaf_fractions = std::move(fractions);
  return f;
}

TEST(VotedClass, IsTheOneThatGetsTheWholeVote) {
  const Forest f = stump({0, 1, 0, 0.5F, 0.5F, 0}, 3);
  EXPECT_EQ(voted_class(f, 0), 1);
  EXPECT_EQ(voted_class(f, 1), -1) << "divided among two";
}

TEST(VotedClass, IsNoneWhereALeafCountsMoreThanOnce) {
  Forest f = stump({2, 0, 1, 0}, 2);
  f.leaf_weights = {2, 1};
  EXPECT_EQ(voted_class(f, 0), -1);
  EXPECT_EQ(voted_class(f, 1), 0);
}

/// Votes for the commonest class are not counted: it gets what the others leave.
TEST(PackedForest, OfPureLeavesKnowsTheirClassesAndNoFractions) {
  const test::Kind kind{.name = "", .trees = 5, .nodes = 40, .sub_forest_ends = {2, 5}};
  const Forest forest = test::random_forest(kind, 1);
  const PackedForest packed(forest);
  ASSERT_TRUE(packed.pure);
  EXPECT_FALSE(packed.weighted);
  EXPECT_THAT(packed.classes, ElementsAre(0, 1, 2));
  EXPECT_EQ(packed.sub_forests.count(), 2U);
  ASSERT_EQ(packed.pure->class_of.size(), forest.leaf_count());
  std::vector<int> leaves(3);
  for (std::size_t leaf = 0; leaf < forest.leaf_count(); ++leaf) {
    EXPECT_EQ(packed.pure->class_of[leaf], voted_class(forest, leaf));
    ++leaves[packed.pure->class_of[leaf]];
  }
  EXPECT_EQ(leaves[packed.pure->counted_last], *std::max_element(leaves.begin(), leaves.end()));
  ASSERT_EQ(packed.leaves.size(), packed.coded.size());
  EXPECT_TRUE(packed.leaves.front().rows.empty());
}

TEST(PackedForest, HasARowOfFractionsForEachLeafOtherwisePaddedWithZeros) {
  const PackedForest packed(stump({0.25F, 0.75F, 1, 0}, 2));
  EXPECT_FALSE(packed.pure) << "one leaf that is not pure is enough";
  EXPECT_THAT(packed.leaves.front().rows, ElementsAre(0.25F, 0.75F, 0, 0, 1, 0, 0, 0));
  EXPECT_TRUE(packed.leaves.front().weights.empty());
}

TEST(PackedForest, HasTheWeightsOfLeavesWhereOneIsNotOne) {
  Forest f = stump({2, 1, 1, 0}, 2);
  f.leaf_weights = {3, 1};
  const PackedForest packed(f);
  EXPECT_TRUE(packed.weighted);
  EXPECT_THAT(packed.leaves.front().weights, ElementsAre(3, 1));
  f.leaf_fractions = {0, 1, 1, 0};
  f.leaf_weights = {1, 1};
  EXPECT_FALSE(PackedForest(f).weighted);
  EXPECT_TRUE(PackedForest(f).pure);
}

/// Class 1 of 4 gets nothing from any leaf, class 3 nothing at all.
TEST(PackedForest, LeavesOutClassesThatNoLeafGivesAnythingTo) {
  const PackedForest pure(stump({1, 0, 0, 0, 0, 0, 1, 0}, 4));
  EXPECT_THAT(pure.classes, ElementsAre(0, 2));
  ASSERT_TRUE(pure.pure);
  EXPECT_EQ(pure.pure->class_count, 2U);
  EXPECT_THAT(pure.pure->class_of, ElementsAre(0, 1));
  const PackedForest divided(stump({0.75F, 0, 0.25F, 0, 0, 0, 1, 0}, 4));
  EXPECT_THAT(divided.classes, ElementsAre(0, 2));
  EXPECT_THAT(divided.leaves.front().rows, ElementsAre(0.75F, 0.25F, 0, 0, 0, 1, 0, 0));
}

TEST(PackedForest, HasAClassEvenWhereNoLeafGivesAnything) {
  EXPECT_THAT(PackedForest(stump({0, 0, 0, 0}, 2)).classes, ElementsAre(0));
}

}  // namespace
}  // namespace cleft::forest
