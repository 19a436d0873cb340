// ForestVoter against the reference, on every SIMD target that this processor has: forests of every kind that
// Forest can hold, grown at random, on values that hit thresholds exactly.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "forest/every_target.hpp"
#include "forest/predict/forest_voter.hpp"
#include "forest/random_forest.hpp"

namespace cleft {
namespace {

using test::Kind;
using test::large_tree;
using test::nan;
using test::random_channels;
using test::random_forest;

/// Compares all voxels of a volume, bit by bit, on every target.
void expect_as_reference(const Forest& forest, const std::vector<Array3<float>>& channels, Alike alike) {
  const Extent extent = channels.front().extent();
  const auto count = static_cast<std::size_t>(voxel_count(extent));
  std::vector<View3<const float>> in;
  std::vector<const float*> planes;
  for (const auto& channel : channels) {
    in.push_back(channel.view());
    planes.push_back(channel.data());
  }
  std::vector<Array3<float>> expected, found;
  std::vector<View3<float>> out;
  std::vector<float*> expected_planes;
  for (int c = 0; c < forest.class_count; ++c) {
    expected.emplace_back(extent);
    found.emplace_back(extent);
  }
  for (auto& p : expected) expected_planes.push_back(p.data());
  for (auto& p : found) out.push_back(p.view());
  vote_reference(forest, planes, count, expected_planes);
  const ForestVoter voter(forest);
  test::on_every_target([&] {
    for (auto& p : found) p.fill(-1);
    voter.vote(in, out, alike);
    for (std::size_t c = 0; c < found.size(); ++c)
      for (std::size_t v = 0; v < count; ++v)
        ASSERT_EQ(std::bit_cast<std::uint32_t>(found[c].data()[v]),
                  std::bit_cast<std::uint32_t>(expected[c].data()[v]))
            << "class " << c << ", voxel " << v;
  });
}

class EveryKind : public testing::TestWithParam<Kind> {};

TEST_P(EveryKind, IsBitEqualToTheReferenceOnEveryTarget) {
  const Forest forest = random_forest(GetParam(), 3);
  std::uint64_t seed = 10;
  for (const Alike alike : {Alike::volume, Alike::section})
    for (const Extent& extent : {Extent{1, 1, 1}, Extent{1, 1, 257}, Extent{1, 19, 70}, Extent{5, 7, 66}})
      expect_as_reference(forest, random_channels(GetParam(), extent, ++seed), alike);
}

INSTANTIATE_TEST_SUITE_P(ForestVoter, EveryKind, testing::ValuesIn(test::every_kind()),
                         [](const auto& instance) { return instance.param.name; });

TEST(ForestVoter, DividesLargerVolumesIntoTiles) {
  const Kind kind{.name = "votes", .trees = 5, .nodes = 200, .levels = 0, .sub_forest_ends = {}};
  const Forest forest = random_forest(kind, 4);
  expect_as_reference(forest, random_channels(kind, {21, 22, 83}, 5), Alike::volume);
  expect_as_reference(forest, random_channels(kind, {3, 70, 150}, 6), Alike::section);
  expect_as_reference(forest, random_channels(kind, {1, 1, 10000}, 7), Alike::section);
  expect_as_reference(forest, random_channels(kind, {5, 1, 9000}, 8), Alike::section);
}

/// More thresholds of a channel than 16 bits tell apart, in two trees that each have fewer: two sets of
/// codes.
TEST(ForestVoter, TakesMoreThresholdsOfAChannelThanCodesTellApart) {
  const Kind kind{
      .name = "", .trees = 8, .nodes = 20000, .channels = 1, .levels = 0, .sub_forest_ends = {3, 8}};
  const Forest forest = random_forest(kind, 21);
  ASSERT_GT(forest.node_count(), 65536U);
  expect_as_reference(forest, random_channels(kind, {1, 9, 40}, 6), Alike::section);
}

TEST(ForestVoter, WalksTreesThatAreTooLargeForCodesOnTheirOwn) {
  constexpr int leaves = 1 << 17;  // 16 bits are too few for thresholds and leaves
  const Kind kind{.name = "", .channels = 1, .levels = leaves, .sub_forest_ends = {}};
  for (const bool votes : {true, false}) {
    Forest forest = large_tree(leaves, votes);
    const Kind small{
        .name = "", .trees = 2, .channels = 1, .classes = 2, .votes = votes, .sub_forest_ends = {}};
    append(forest, random_forest(small, 8));
    append(forest, large_tree(leaves, votes));
    validate(forest, "forest");
    expect_as_reference(forest, random_channels(kind, {2, 5, 90}, 9), Alike::volume);
  }
}

TEST(ForestVoter, WalksTheLargestTreesThatCodesSufficeFor) {
  constexpr int leaves = 1 << 16;
  const Kind kind{.name = "", .channels = 1, .levels = leaves, .sub_forest_ends = {}};
  for (const bool votes : {true, false}) {
    const Forest forest = large_tree(leaves, votes);
    ASSERT_TRUE(ForestVoter(forest).codes_suffice());
    expect_as_reference(forest, random_channels(kind, {4, 9, 90}, 9), Alike::volume);
  }
}

/// Arrivals at roots, of words and of single voxels are all counted.
TEST(ForestVoter, WalksTreesOfOneLeafAmongLargeOnes) {
  const Kind large{.name = "", .trees = 5, .nodes = 9000, .levels = 0, .sub_forest_ends = {}};
  const Kind leaves{.name = "", .trees = 6, .nodes = 0, .sub_forest_ends = {}};
  Forest forest = random_forest(leaves, 1);
  append(forest, random_forest(large, 2));
  append(forest, random_forest(leaves, 3));
  append(forest, random_forest(large, 4));
  forest.sub_forest_ends = {};
  validate(forest, "forest");
  ASSERT_GT(forest.node_count(), 60000U);
  expect_as_reference(forest, random_channels(large, {4, 9, 90}, 5), Alike::volume);
}

/// A channel that no node asks for still makes a voxel undefined.
TEST(ForestVoter, LooksForNanInChannelsThatNoNodeAsksFor) {
  const Kind kind{.name = "", .channels = 1, .sub_forest_ends = {}};
  Forest forest = random_forest(kind, 5);
  forest.channel_count = 2;
  auto channels = random_channels({.name = "", .channels = 2, .sub_forest_ends = {}}, {1, 1, 100}, 5);
  channels[1](0, 0, 17) = nan;
  expect_as_reference(forest, channels, Alike::volume);
}

TEST(ForestVoter, GivesZeroToClassesThatNoLeafGivesAnythingTo) {
  for (const bool votes : {true, false}) {
    const Kind kind{.name = "", .classes = 3, .votes = votes, .sub_forest_ends = {7, 20}};
    Forest forest = random_forest(kind, 4);
    Forest wider = forest;  // class c of 3 is class 2 c + 1 of 7
    wider.class_count = 7;
    wider.leaf_fractions.assign(forest.leaf_count() * 7, 0.0F);
    for (std::size_t i = 0; i < forest.leaf_fractions.size(); ++i)
      wider.leaf_fractions[i / 3 * 7 + 2 * (i % 3) + 1] = forest.leaf_fractions[i];
    validate(wider, "wider");
    expect_as_reference(wider, random_channels(kind, {5, 7, 66}, 5), Alike::volume);
  }
  Forest nothing = random_forest({.name = "", .sub_forest_ends = {}}, 4);
  std::fill(nothing.leaf_fractions.begin(), nothing.leaf_fractions.end(), 0.0F);
  expect_as_reference(nothing, random_channels({.name = "", .sub_forest_ends = {}}, {1, 9, 70}, 5),
                      Alike::section);
}

TEST(ForestVoter, LeavesOutClassesThatAreNotNeeded) {
  const Kind kind{.name = "", .sub_forest_ends = {}};
  const Forest forest = random_forest(kind, 4);
  const auto channels = random_channels(kind, {4, 6, 20}, 5);
  std::vector<View3<const float>> in;
  for (const auto& channel : channels) in.push_back(channel.view());
  std::vector<Array3<float>> all;
  for (int c = 0; c < kind.classes; ++c) all.emplace_back(channels.front().extent());
  std::vector<View3<float>> out;
  for (auto& probability : all) out.push_back(probability.view());
  const ForestVoter voter(forest);
  voter.vote(in, out, Alike::volume);
  Array3<float> one(channels.front().extent());
  voter.vote(in, std::vector<View3<float>>{{}, one.view(), {}}, Alike::volume);
  EXPECT_TRUE(std::ranges::equal(one.voxels(), all[1].voxels()));
}

}  // namespace
}  // namespace cleft
