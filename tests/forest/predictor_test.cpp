// Predictor against the reference, on every SIMD target that this processor has: forests of every kind that
// Forest can hold, grown at random, on values that hit thresholds exactly.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include "base/random.hpp"
#include "forest/predict.hpp"

namespace cleft {
namespace {

constexpr float inf = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

struct Kind {
  std::string name;
  int trees = 20, nodes = 60, channels = 5, classes = 3;
  bool votes = true;     ///< leaves of one class each
  bool weights = false;  ///< leaves that count more than once
  bool doubles = false;  ///< thresholds that are no floats
  int levels = 20;       ///< how many different values and thresholds there are; 0: any float
  std::vector<std::int32_t> forest_ends;
};

double random_threshold(const Kind& kind, Random& random) {
  if (kind.levels == 0) return random.normal();
  const auto level = static_cast<double>(random.below(static_cast<std::uint32_t>(kind.levels)));
  const std::uint32_t odd = random.below(60);
  if (odd == 0) return static_cast<double>(inf);
  if (odd == 1) return -0.0;
  return kind.doubles ? level + (odd % 2 == 0 ? 1e-12 : -1e-12) : level;
}

void add_leaf(Forest& f, const Kind& kind, Random& random) {
  const auto classes = static_cast<std::uint32_t>(kind.classes);
  const std::uint32_t voted = random.below(classes);
  const double weight = kind.weights ? 1 + random.below(5) : 1;
  for (std::uint32_t c = 0; c < classes; ++c)
    f.leaf_fractions.push_back(kind.votes ? (c == voted ? static_cast<float>(weight) : 0.0F)
                                          : static_cast<float>(weight * random.uniform() / kind.classes));
  if (kind.weights) f.leaf_weights.push_back(weight);
}

/// Splits a leaf chosen at random until there are enough nodes: trees neither balanced nor in depth-first
/// order.
void add_tree(Forest& f, const Kind& kind, Random& random) {
  std::vector<std::pair<std::size_t, bool>> open;  // node and side that have no child yet
  const auto nodes = static_cast<std::size_t>(kind.nodes) * random.below(100) / 50;
  const auto first = static_cast<std::int32_t>(f.node_count());
  f.roots.push_back(nodes > 0 ? first : ~static_cast<std::int32_t>(f.leaf_count()));
  if (nodes == 0) return add_leaf(f, kind, random);
  for (std::size_t n = 0; n < nodes; ++n) {
    const auto node = static_cast<std::int32_t>(f.node_count());
    if (n > 0) {
      const auto at = random.below(static_cast<std::uint32_t>(open.size()));
      (open[at].second ? f.right : f.left)[open[at].first] = node;
      open.erase(open.begin() + at);
    }
    f.channel.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(kind.channels))));
    f.threshold.push_back(random_threshold(kind, random));
    f.left.push_back(0);
    f.right.push_back(0);
    open.emplace_back(static_cast<std::size_t>(node), false);
    open.emplace_back(static_cast<std::size_t>(node), true);
  }
  for (const auto& [node, right] : open) {
    (right ? f.right : f.left)[node] = ~static_cast<std::int32_t>(f.leaf_count());
    add_leaf(f, kind, random);
  }
}

Forest random_forest(const Kind& kind, std::uint64_t seed) {
  Random random(seed);
  Forest f;
  f.channel_count = kind.channels;
  f.class_count = kind.classes;
  for (int t = 0; t < kind.trees; ++t) add_tree(f, kind, random);
  f.forest_ends = kind.forest_ends;
  validate(f, kind.name);
  return f;
}

std::vector<Array3<float>> random_channels(const Kind& kind, const Extent& extent, std::uint64_t seed) {
  std::vector<Array3<float>> channels;
  Random random(seed);
  for (int c = 0; c < kind.channels; ++c) {
    channels.emplace_back(extent);
    for (float& v : channels.back().voxels()) {
      v = kind.levels == 0 ? static_cast<float>(random.normal())
                           : static_cast<float>(random.below(static_cast<std::uint32_t>(kind.levels)));
      const std::uint32_t odd = random.below(400);
      if (odd == 0) v = inf;
      if (odd == 1) v = -inf;
      if (odd == 2) v = -0.0F;
      if (odd == 3) v = std::nextafter(v, inf);
      if (odd == 4 && c % 7 == 0) v = nan;
    }
  }
  return channels;
}

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
  predict_reference(forest, planes, count, expected_planes);
  const Predictor predictor(forest);
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    for (auto& p : found) p.fill(-1);
    predictor.predict(in, out, alike);
    hwy::SetSupportedTargetsForTest(0);
    for (std::size_t c = 0; c < found.size(); ++c)
      for (std::size_t v = 0; v < count; ++v)
        ASSERT_EQ(std::bit_cast<std::uint32_t>(found[c].data()[v]),
                  std::bit_cast<std::uint32_t>(expected[c].data()[v]))
            << "class " << c << ", voxel " << v;
  }
}

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all{
      {.name = "votes", .forest_ends = {}},
      {.name = "fractions", .votes = false, .forest_ends = {}},
      {.name = "any_float", .levels = 0, .forest_ends = {}},
      {.name = "double_thresholds", .doubles = true, .forest_ends = {}},
      {.name = "weights", .weights = true, .forest_ends = {}},
      {.name = "weighted_fractions", .votes = false, .weights = true, .doubles = true, .forest_ends = {}},
      {.name = "uneven_forests_of_votes", .forest_ends = {7, 8, 20}},
      {.name = "uneven_forests",
       .votes = false,
       .weights = true,
       .doubles = true,
       .forest_ends = {1, 13, 20}},
      {.name = "more_trees_than_a_byte_counts", .trees = 600, .nodes = 8, .forest_ends = {}},
      {.name = "more_channels_than_a_byte_names",
       .trees = 30,
       .nodes = 40,
       .channels = 700,
       .forest_ends = {}},
      {.name = "one_class", .classes = 1, .forest_ends = {}},
      {.name = "many_classes", .nodes = 300, .classes = 300, .forest_ends = {}},
      {.name = "leaves_only", .nodes = 0, .forest_ends = {}},
      {.name = "large_trees", .trees = 3, .nodes = 9000, .levels = 0, .forest_ends = {}},
  };
  return all;
}

class EveryKind : public testing::TestWithParam<Kind> {};

TEST_P(EveryKind, IsBitEqualToTheReferenceOnEveryTarget) {
  const Forest forest = random_forest(GetParam(), 3);
  std::uint64_t seed = 10;
  for (const Alike alike : {Alike::volume, Alike::section})
    for (const Extent& extent : {Extent{1, 1, 1}, Extent{1, 1, 257}, Extent{1, 19, 70}, Extent{5, 7, 66}})
      expect_as_reference(forest, random_channels(GetParam(), extent, ++seed), alike);
}

INSTANTIATE_TEST_SUITE_P(Predictor, EveryKind, testing::ValuesIn(kinds()),
                         [](const auto& instance) { return instance.param.name; });

TEST(Predictor, DividesLargerVolumesIntoParts) {
  const Kind kind{.name = "votes", .trees = 5, .nodes = 200, .levels = 0, .forest_ends = {}};
  const Forest forest = random_forest(kind, 4);
  expect_as_reference(forest, random_channels(kind, {21, 22, 83}, 5), Alike::volume);
  expect_as_reference(forest, random_channels(kind, {3, 70, 150}, 6), Alike::section);
  expect_as_reference(forest, random_channels(kind, {1, 1, 10000}, 7), Alike::section);
}

/// More thresholds of a channel than 16 bits tell apart, in two trees that each have fewer: two groups.
TEST(Predictor, TakesMoreThresholdsOfAChannelThanCodesTellApart) {
  const Kind kind{.name = "", .trees = 8, .nodes = 20000, .channels = 1, .levels = 0, .forest_ends = {3, 8}};
  const Forest forest = random_forest(kind, 21);
  ASSERT_GT(forest.node_count(), 65536U);
  expect_as_reference(forest, random_channels(kind, {1, 9, 40}, 6), Alike::section);
}

/// A balanced tree over values 0 ... 2^17: too large for 16-bit codes and leaves.
Forest large_tree(bool votes) {
  Forest f;
  f.channel_count = 1;
  f.class_count = 2;
  const auto add = [&](auto&& self, int begin, int end) -> std::int32_t {
    if (end - begin == 1) {
      const auto leaf = static_cast<std::int32_t>(f.leaf_count());
      const float second = votes ? static_cast<float>(begin % 2) : static_cast<float>(begin) / 131072.0F;
      f.leaf_fractions.insert(f.leaf_fractions.end(), {1 - second, second});
      return ~leaf;
    }
    const auto node = static_cast<std::size_t>(f.node_count());
    const int middle = begin + (end - begin) / 2;
    f.channel.push_back(0);
    f.threshold.push_back(middle);
    f.left.push_back(0);
    f.right.push_back(0);
    f.left[node] = self(self, begin, middle);
    f.right[node] = self(self, middle, end);
    return static_cast<std::int32_t>(node);
  };
  f.roots.push_back(add(add, 0, 1 << 17));
  return f;
}

TEST(Predictor, WalksTreesThatAreTooLargeForCodesOnTheirOwn) {
  const Kind kind{.name = "", .channels = 1, .levels = 1 << 17, .forest_ends = {}};
  for (const bool votes : {true, false}) {
    Forest forest = large_tree(votes);
    const Kind small{.name = "", .trees = 2, .channels = 1, .classes = 2, .votes = votes, .forest_ends = {}};
    append(forest, random_forest(small, 8));
    append(forest, large_tree(votes));
    validate(forest, "forest");
    expect_as_reference(forest, random_channels(kind, {2, 5, 90}, 9), Alike::volume);
  }
}

/// A channel that no node asks for still makes a voxel undefined.
TEST(Predictor, LooksForNanInChannelsThatNoNodeAsksFor) {
  const Kind kind{.name = "", .channels = 1, .forest_ends = {}};
  Forest forest = random_forest(kind, 5);
  forest.channel_count = 2;
  auto channels = random_channels({.name = "", .channels = 2, .forest_ends = {}}, {1, 1, 100}, 5);
  channels[1](0, 0, 17) = nan;
  expect_as_reference(forest, channels, Alike::volume);
}

}  // namespace
}  // namespace cleft
