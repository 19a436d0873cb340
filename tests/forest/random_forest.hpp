#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/array3.hpp"
#include "base/random.hpp"
#include "forest/forest.hpp"

namespace cleft::test {

// Forests of every kind that Forest can hold, grown at random, and values that hit thresholds exactly.

inline constexpr float inf = std::numeric_limits<float>::infinity();
inline constexpr float nan = std::numeric_limits<float>::quiet_NaN();

struct Kind {
  std::string name;
  int trees = 20, nodes = 60, channels = 5, classes = 3;
  bool votes = true;     ///< leaves of one class each
  bool weights = false;  ///< leaves that count more than once
  bool doubles = false;  ///< thresholds that are no floats
  int levels = 20;       ///< how many different values and thresholds there are; 0: any float
  std::vector<std::int32_t> sub_forest_ends;
};

/// One of each: what forests may have in common with none that cleft trains.
inline const std::vector<Kind>& every_kind() {
  static const std::vector<Kind> all{
      {.name = "votes", .sub_forest_ends = {}},
      {.name = "fractions", .votes = false, .sub_forest_ends = {}},
      {.name = "any_float", .levels = 0, .sub_forest_ends = {}},
      {.name = "double_thresholds", .doubles = true, .sub_forest_ends = {}},
      {.name = "weights", .weights = true, .sub_forest_ends = {}},
      {.name = "weighted_fractions", .votes = false, .weights = true, .doubles = true, .sub_forest_ends = {}},
      {.name = "uneven_forests_of_votes", .sub_forest_ends = {7, 8, 20}},
      {.name = "uneven_forests",
       .votes = false,
       .weights = true,
       .doubles = true,
       .sub_forest_ends = {1, 13, 20}},
      {.name = "more_trees_than_a_byte_counts", .trees = 600, .nodes = 8, .sub_forest_ends = {}},
      {.name = "more_channels_than_a_byte_names",
       .trees = 30,
       .nodes = 40,
       .channels = 700,
       .sub_forest_ends = {}},
      {.name = "one_class", .classes = 1, .sub_forest_ends = {}},
      {.name = "many_classes", .nodes = 300, .classes = 300, .sub_forest_ends = {}},
      {.name = "leaves_only", .nodes = 0, .sub_forest_ends = {}},
      {.name = "large_trees", .trees = 3, .nodes = 9000, .levels = 0, .sub_forest_ends = {}},
      {.name = "large_batches",
       .trees = 18,
       .nodes = 6000,
       .channels = 9,
       .levels = 0,
       .sub_forest_ends = {}},
      {.name = "large_batches_of_most_channels_and_classes",
       .trees = 18,
       .nodes = 6000,
       .channels = 256,
       .classes = 256,
       .levels = 0,
       .sub_forest_ends = {}},
  };
  return all;
}

inline double random_threshold(const Kind& kind, Random& random) {
  if (kind.levels == 0) return random.normal();
  const auto level = static_cast<double>(random.below(static_cast<std::uint32_t>(kind.levels)));
  const std::uint32_t odd = random.below(60);
  if (odd == 0) return static_cast<double>(inf);
  if (odd == 1) return -0.0;
  return kind.doubles ? level + (odd % 2 == 0 ? 1e-12 : -1e-12) : level;
}

inline void add_leaf(Forest& f, const Kind& kind, Random& random) {
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
inline void add_tree(Forest& f, const Kind& kind, Random& random) {
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

inline Forest random_forest(const Kind& kind, std::uint64_t seed) {
  Random random(seed);
  Forest f;
  f.channel_count = kind.channels;
  f.class_count = kind.classes;
  for (int t = 0; t < kind.trees; ++t) add_tree(f, kind, random);
  f.sub_forest_ends = kind.sub_forest_ends;
  validate(f, kind.name);
  return f;
}

/// A balanced tree that tells the numbers from 0 to below `leaves` apart.
inline Forest large_tree(int leaves, bool votes) {
  Forest f;
  f.channel_count = 1;
  f.class_count = 2;
  const auto add = [&](auto&& self, int begin, int end) -> std::int32_t {
    if (end - begin == 1) {
      const auto leaf = static_cast<std::int32_t>(f.leaf_count());
      const float second =
          votes ? static_cast<float>(begin % 2) : static_cast<float>(begin) / static_cast<float>(leaves);
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
  f.roots.push_back(add(add, 0, leaves));
  return f;
}

inline std::vector<Array3<float>> random_channels(const Kind& kind, const Extent& extent,
                                                  std::uint64_t seed) {
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

}  // namespace cleft::test
