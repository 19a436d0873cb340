#include "forest/predict/forest_voter.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "forest/train/train.hpp"
#include "support/synthetic_samples.hpp"

namespace cleft {
namespace {

using Planes = std::vector<std::vector<float>>;

Planes planes_of(const Samples& samples) {
  Planes planes;
  for (int c = 0; c < samples.channel_count; ++c)
    planes.emplace_back(samples.channel(c).begin(), samples.channel(c).end());
  return planes;
}

template <class Predict>
Planes predicted(const Forest& forest, const Planes& channels, Predict&& predict) {
  const std::size_t count = channels[0].size();
  Planes result(static_cast<std::size_t>(forest.class_count), std::vector<float>(count, -1.0F));
  std::vector<const float*> in;
  std::vector<float*> out;
  for (const auto& plane : channels) in.push_back(plane.data());
  for (auto& plane : result) out.push_back(plane.data());
  predict(in, count, out);
  return result;
}

Planes by_reference(const Forest& forest, const Planes& channels) {
  return predicted(forest, channels, [&](const auto& in, auto count, const auto& out) {
    vote_reference(forest, in, count, out);
  });
}

Planes by_voter(const Forest& forest, const Planes& channels) {
  const ForestVoter voter(forest);
  return predicted(forest, channels,
                   [&](const auto& in, auto count, const auto& out) { voter.vote(in, count, out); });
}

void expect_bit_equal(const Planes& a, const Planes& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t c = 0; c < a.size(); ++c)
    for (std::size_t v = 0; v < a[c].size(); ++v)
      ASSERT_EQ(std::bit_cast<std::uint32_t>(a[c][v]), std::bit_cast<std::uint32_t>(b[c][v]))
          << c << ", " << v;
}

/// One node on channel 0, class 1 to the right, and the lone leaf of a second tree.
Forest two_trees(double threshold) {
  Forest f;
  f.channel_count = 1;
  f.class_count = 2;
  f.roots = {0, ~2};
  f.channel = {0};
  f.threshold = {threshold};
  f.left = {~0};
  f.right = {~1};
  f.leaf_fractions = {1, 0, 0, 1, 0.25F, 0.75F};
  return f;
}

TEST(Predict, AddsTheLeavesOfAllTreesAndDividesByTheirNumber) {
  const Planes p = by_reference(two_trees(0.5), {{0.25F, 0.5F, 0.75F}});
  EXPECT_THAT(p[0], testing::ElementsAre(0.625F, 0.125F, 0.125F));
  EXPECT_THAT(p[1], testing::ElementsAre(0.375F, 0.875F, 0.875F));
}

TEST(Predict, GivesZeroForEveryClassWhereAChannelIsNotANumber) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const auto& p : {by_reference(two_trees(0), {{nan, 1}}), by_voter(two_trees(0), {{nan, 1}})}) {
    EXPECT_THAT(p[0], testing::ElementsAre(0.0F, 0.125F));
    EXPECT_THAT(p[1], testing::ElementsAre(0.0F, 0.875F));
  }
}

TEST(ForestVoter, IsBitEqualToTheReferenceForAnyNumberOfVoxels) {
  const Samples samples = test::synthetic_samples(400, 6, 1);
  const Forest forest = train_trees(samples, {.trees = 13, .min_leaf = 2}, 0, 13, 1).forest;
  for (const std::size_t count : {1U, 15U, 255U, 256U, 257U, 1000U}) {
    const Planes voxels = planes_of(test::synthetic_samples(count, 6, 2));
    expect_bit_equal(by_voter(forest, voxels), by_reference(forest, voxels));
  }
}

TEST(ForestVoter, ComparesAsDoublesDoWhereThresholdsAreNoFloats) {
  const float one = 1.0F, up = std::nextafter(one, 2.0F), down = std::nextafter(one, 0.0F);
  const double inf = std::numeric_limits<double>::infinity();
  const auto big = std::numeric_limits<float>::max();
  const Planes voxels = {{one, up, down, 0.0F, -0.0F, -one, big, -big, static_cast<float>(inf),
                          static_cast<float>(-inf), std::numeric_limits<float>::denorm_min()}};
  for (const double threshold : {1.0, std::nextafter(1.0, 2.0), std::nextafter(1.0, 0.0), 1e-300, -1e-300,
                                 0.0, -0.0, 1e300, -1e300, inf, -inf, 0x1p-150, static_cast<double>(up)})
    expect_bit_equal(by_voter(two_trees(threshold), voxels), by_reference(two_trees(threshold), voxels));
}

/// A tree as deep as it has nodes: node n sends what is below n + 1 to its leaf n and all else on.
Forest one_long_chain(int nodes) {
  Forest f;
  f.channel_count = f.class_count = 1;
  f.roots = {0};
  for (int n = 0; n < nodes; ++n) {
    f.channel.push_back(0);
    f.threshold.push_back(n + 1);
    f.left.push_back(~n);
    f.right.push_back(n + 1 < nodes ? n + 1 : ~nodes);
  }
  for (int leaf = 0; leaf <= nodes; ++leaf)
    f.leaf_fractions.push_back(static_cast<float>(leaf) / static_cast<float>(nodes));
  return f;
}

TEST(ForestVoter, WalksTreesOfAnyDepth) {
  const Forest chain = one_long_chain(20000);
  validate(chain, "chain");
  Planes voxels(1);
  for (int v = 0; v < 300; ++v) voxels[0].push_back(static_cast<float>(v * 100));
  const Planes p = by_voter(chain, voxels);
  for (std::size_t v = 0; v < 300; ++v)
    ASSERT_EQ(p[0][v], static_cast<float>(std::min<std::size_t>(v * 100, 20000)) / 20000.0F);
  expect_bit_equal(p, by_reference(chain, voxels));
}

TEST(ForestVoter, GivesAForestAsItsTreesTogether) {
  const Samples samples = test::synthetic_samples(300, 5, 1);
  const Planes voxels = planes_of(test::synthetic_samples(100, 5, 9));
  const Forest all = train_trees(samples, {.trees = 8}, 0, 8, 1).forest;
  const Planes p = by_voter(all, voxels);
  Planes sum(3, std::vector<float>(100));
  for (int t = 0; t < 8; ++t) {
    const Planes one = by_voter(train_trees(samples, {.trees = 8}, t, t + 1, 1).forest, voxels);
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t v = 0; v < 100; ++v) sum[c][v] += one[c][v];
  }
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t v = 0; v < 100; ++v) EXPECT_EQ(p[c][v], sum[c][v] / 8);
  for (std::size_t v = 0; v < 100; ++v) EXPECT_NEAR(p[0][v] + p[1][v] + p[2][v], 1, 1e-6);
}

/// So that a model can be replaced while others still vote with it.
TEST(ForestVoter, NeedsItsForestNoMoreNorDoItsCodesNeedTheVoter) {
  const Planes voxels = planes_of(test::synthetic_samples(100, 6, 2));
  auto forest =
      std::make_unique<Forest>(train_trees(test::synthetic_samples(400, 6, 1), {.trees = 5}, 0, 5, 1).forest);
  const Planes expected = by_reference(*forest, voxels);
  auto first = std::make_unique<ForestVoter>(*forest);
  forest.reset();
  const ForestVoter copy = *first;
  VoxelCodes codes = first->codes();
  first.reset();
  const Extent extent{1, 1, 100};
  codes.begin(extent, Alike::section);
  for (std::size_t c = 0; c < voxels.size(); ++c) codes.add_row(c, {0, 0, 0}, voxels[c]);
  Planes found(3, std::vector<float>(100));
  std::vector<View3<float>> out;
  for (auto& plane : found) out.emplace_back(plane.data(), extent);
  copy.vote(codes, out);
  expect_bit_equal(found, expected);
}

TEST(ForestVoter, TakesAForestOfLeavesOnly) {
  Forest f = two_trees(0);
  f.roots = {~0, ~1, ~2};
  f.channel.clear();
  f.threshold.clear();
  f.left.clear();
  f.right.clear();
  validate(f, "forest");
  expect_bit_equal(by_voter(f, {{1, 2, 3}}), by_reference(f, {{1, 2, 3}}));
}

}  // namespace
}  // namespace cleft
