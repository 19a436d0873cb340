#include "components/union_find.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

using Unions = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

std::vector<std::uint32_t> roots_after(std::uint32_t count, const Unions& unions) {
  UnionFind<std::uint32_t> sets(count);
  for (const auto& [a, b] : unions) sets.unite(a, b);
  std::vector<std::uint32_t> roots;
  for (std::uint32_t i = 0; i < count; ++i) roots.push_back(sets.find(i));
  return roots;
}

/// Smallest member of each set, by lowering both ends of every pair until nothing changes.
std::vector<std::uint32_t> smallest_members(std::uint32_t count, const Unions& unions) {
  std::vector<std::uint32_t> smallest;
  for (std::uint32_t i = 0; i < count; ++i) smallest.push_back(i);
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [a, b] : unions) {
      const std::uint32_t lower = std::min(smallest[a], smallest[b]);
      changed = changed || smallest[a] != smallest[b];
      smallest[a] = smallest[b] = lower;
    }
  }
  return smallest;
}

TEST(UnionFindTest, EachNumberBeginsAsASetOfItsOwn) {
  EXPECT_EQ(roots_after(4, {}), (std::vector<std::uint32_t>{0, 1, 2, 3}));
  EXPECT_TRUE(roots_after(0, {}).empty());
}

TEST(UnionFindTest, RootIsTheSmallestMemberWhateverTheOrder) {
  const std::vector<std::uint32_t> expected{0, 1, 1, 0, 1};
  EXPECT_EQ(roots_after(5, {{3, 0}, {4, 2}, {2, 1}}), expected);
  EXPECT_EQ(roots_after(5, {{1, 2}, {2, 4}, {0, 3}}), expected);
  EXPECT_EQ(roots_after(5, {{2, 1}, {4, 1}, {0, 3}}), expected);
}

TEST(UnionFindTest, UnitingTwiceOrWithItselfChangesNothing) {
  EXPECT_EQ(roots_after(3, {{1, 2}, {2, 1}, {1, 2}, {0, 0}}), (std::vector<std::uint32_t>{0, 1, 1}));
}

TEST(UnionFindTest, ALongPathBuiltBackwardsHasOneRoot) {
  Unions unions;
  for (std::uint32_t i = 999; i > 0; --i) unions.emplace_back(i, i - 1);
  EXPECT_EQ(roots_after(1000, unions), std::vector<std::uint32_t>(1000, 0));
}

TEST(UnionFindTest, AgreesWithRelaxationOnRandomPairs) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    Unions unions;
    for (int i = 0; i < 60; ++i) unions.emplace_back(random.below(100), random.below(100));
    EXPECT_EQ(roots_after(100, unions), smallest_members(100, unions)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace cleft
