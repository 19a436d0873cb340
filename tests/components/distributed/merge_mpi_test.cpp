#include <functional>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "components/distributed/merge.hpp"
#include "components/union_find.hpp"

namespace cleft {
namespace {

using Pairs = std::vector<LabelPair>;
using Labels = std::vector<Label>;

/// A graph that every rank knows whole; each gives merge its own part of it.
struct Graph {
  LabelOwners owners;
  Pairs pairs;
  /// Which rank finds the n-th pair.
  std::function<int(std::size_t)> finder;
};

Labels smallest_labels(const Graph& graph) {
  UnionFind<Label> sets(graph.owners.count());
  for (const LabelPair& pair : graph.pairs) sets.unite(pair.a, pair.b);
  Labels smallest(graph.owners.count());
  for (Label label = 0; label < smallest.size(); ++label) smallest[label] = sets.find(label);
  return smallest;
}

class MergeTest : public testing::Test {
 protected:
  /// `count` labels over all ranks, evenly.
  LabelOwners even_owners(std::uint64_t count) const {
    std::vector<std::uint64_t> counts;
    for (std::uint64_t r = 0; r < ranks; ++r) counts.push_back(count * (r + 1) / ranks - count * r / ranks);
    return LabelOwners(counts);
  }
  /// Pairs found by the owners of their first labels, as seams are.
  Graph owners_find(const LabelOwners& owners, const Pairs& pairs) const {
    return {owners, pairs, [owners, pairs](std::size_t n) { return owners.owner_of(pairs[n].a); }};
  }
  /// Pairs found by the ranks in turn, whoever owns their labels.
  Graph anyone_finds(const LabelOwners& owners, const Pairs& pairs) const {
    return {owners, pairs, [this](std::size_t n) { return static_cast<int>(n % ranks); }};
  }

  /// Merges and compares this rank's labels with those of a serial union-find.
  MergeStatistics expect_merged(const Graph& graph) const {
    Pairs found;
    for (std::size_t n = 0; n < graph.pairs.size(); ++n)
      if (graph.finder(n) == world.rank()) found.push_back(graph.pairs[n]);
    const MergedLabels merged = merge(world, graph.owners, found);

    const Labels expected = smallest_labels(graph);
    const auto begin = expected.begin() + static_cast<std::ptrdiff_t>(graph.owners.begin(world.rank()));
    const auto end = expected.begin() + static_cast<std::ptrdiff_t>(graph.owners.end(world.rank()));
    EXPECT_EQ(merged.canonical, Labels(begin, end));
    return merged.statistics;
  }

  const Communicator world = Communicator::world();
  const std::uint64_t ranks = static_cast<std::uint64_t>(world.size());
};

/// Pairs of labels that follow one another in `order`.
Pairs path_through(const Labels& order) {
  Pairs pairs;
  for (std::size_t i = 1; i < order.size(); ++i) pairs.push_back({order[i - 1], order[i]});
  return pairs;
}

Labels in_order(std::uint64_t count) {
  Labels order(count);
  std::iota(order.begin(), order.end(), Label{0});
  return order;
}

Labels reversed(std::uint64_t count) {
  Labels order = in_order(count);
  return {order.rbegin(), order.rend()};
}

Labels shuffled(std::uint64_t count) {
  Labels order = in_order(count);
  Random random(11);
  for (std::size_t i = count; i > 1; --i)
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  return order;
}

/// One label of each rank in turn: every step of the path crosses to another rank.
Labels alternating(const LabelOwners& owners) {
  Labels order;
  for (Label i = 0; order.size() < owners.count(); ++i)
    for (int rank = 0; rank < owners.ranks(); ++rank)
      if (owners.begin(rank) + i < owners.end(rank)) order.push_back(owners.begin(rank) + i);
  return order;
}

TEST_F(MergeTest, WithoutPairsEachLabelStandsForItself) {
  const auto statistics = expect_merged(anyone_finds(even_owners(50), {}));
  EXPECT_EQ(statistics.phases, 0);
  EXPECT_EQ(statistics.traffic.bytes_sent, 0U);
  expect_merged(anyone_finds(even_owners(0), {}));
}

TEST_F(MergeTest, RandomGraphsAreMergedAsBySerialUnionFind) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    for (const int pair_count : {20, 90, 150, 600}) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", " + std::to_string(pair_count) + " pairs");
      Random random(seed, static_cast<std::uint64_t>(pair_count));
      Pairs pairs;
      for (int i = 0; i < pair_count; ++i) pairs.push_back({random.below(200), random.below(200)});
      expect_merged(anyone_finds(even_owners(200), pairs));
      expect_merged(owners_find(even_owners(200), pairs));
    }
  }
}

TEST_F(MergeTest, DuplicatesBothWaysAndPairsOfALabelWithItselfChangeNothing) {
  Pairs pairs;
  for (Label label = 0; label < 40; ++label) {
    pairs.push_back({label, label});
    if (label % 7 == 0) continue;
    for (int copies = 0; copies < 3; ++copies) {
      pairs.push_back({label, label - 1});
      pairs.push_back({label - 1, label});
    }
  }
  expect_merged(anyone_finds(even_owners(40), pairs));
}

TEST_F(MergeTest, SomeRanksMayOwnOrFindNothing) {
  // Only every other rank owns labels, and only the last finds pairs.
  std::vector<std::uint64_t> counts;
  for (std::uint64_t r = 0; r < ranks; ++r) counts.push_back(r % 2 == 1 ? 0 : 15);
  const LabelOwners owners(counts);
  const int last = world.size() - 1;
  expect_merged({owners, path_through(alternating(owners)), [last](std::size_t) { return last; }});
}

TEST_F(MergeTest, PathsInAnyOrderAreOneComponent) {
  const auto owners = even_owners(120);
  for (const Labels& order : {in_order(120), reversed(120), shuffled(120), alternating(owners)}) {
    expect_merged(owners_find(owners, path_through(order)));
    expect_merged(anyone_finds(owners, path_through(order)));
  }
}

TEST_F(MergeTest, APathThatEachRankSeesAPieceOfNeedsAtMostLogarithmicallyManyPhases) {
  // In order, each rank contracts its own piece: one label per rank is left.
  const auto statistics = expect_merged(owners_find(even_owners(4000), path_through(in_order(4000))));
  EXPECT_LE(std::uint64_t{1} << statistics.phases, ranks);
}

TEST_F(MergeTest, ExchangesGrowByAConstantWhenAPathGrowsFourfold) {
  const auto exchanges = [this](std::uint64_t count, const std::function<Labels(const LabelOwners&)>& order) {
    const auto owners = even_owners(count);
    const auto statistics = expect_merged(owners_find(owners, path_through(order(owners))));
    EXPECT_LE(std::uint64_t{1} << statistics.phases, count) << "each phase halves the roots at least";
    return statistics.traffic.exchanges;
  };
  const auto shuffled_path = [](const LabelOwners& owners) { return shuffled(owners.count()); };
  for (const auto& order : {std::function<Labels(const LabelOwners&)>(shuffled_path),
                            std::function<Labels(const LabelOwners&)>(alternating)}) {
    const int at_256 = exchanges(256, order), at_1024 = exchanges(1024, order),
              at_4096 = exchanges(4096, order);
    EXPECT_LE(at_1024, at_256 + 30);
    EXPECT_LE(at_4096, at_1024 + 30);
    EXPECT_LE(at_4096, 120);
  }
}

TEST_F(MergeTest, AStarLeavesOnePairPerRankWhoeverOwnsItsCentre) {
  const std::uint64_t count = 1000;
  for (const Label centre : {Label{0}, Label{500}, count - 1}) {
    Pairs rays;
    for (Label label = 0; label < count; ++label)
      if (label != centre) rays.push_back({label, centre});
    const auto statistics = expect_merged(owners_find(even_owners(count), rays));
    EXPECT_LE(statistics.traffic.max_pairs, count / ranks + 2 * ranks) << "members of the star, one per rank";
    EXPECT_LE(statistics.phases, 3);
  }
}

TEST_F(MergeTest, AStarKnownOnlyToTheOwnerOfItsCentreIsContractedInOnePhase) {
  // Nothing contracts locally but the first rank's own labels; all others pick the centre at once.
  const auto owners = even_owners(400);
  Pairs rays;
  for (Label label = 1; label < owners.count(); ++label) rays.push_back({0, label});
  EXPECT_EQ(expect_merged(owners_find(owners, rays)).phases, world.size() == 1 ? 0 : 1);
}

TEST_F(MergeTest, ACompleteGraphIsOneComponent) {
  Pairs pairs;
  for (Label a = 0; a < 40; ++a)
    for (Label b = 0; b < a; ++b) pairs.push_back({a, b});
  expect_merged(owners_find(even_owners(40), pairs));
  expect_merged(anyone_finds(even_owners(40), pairs));
}

TEST_F(MergeTest, AGridCutIntoTwoHalvesIsTwoComponents) {
  const Label side = 20;
  Pairs pairs;
  for (Label row = 0; row < side; ++row) {
    for (Label column = 0; column < side; ++column) {
      const Label here = row * side + column;
      if (row > 0) pairs.push_back({here, here - side});
      if (column > 0 && column != side / 2) pairs.push_back({here, here - 1});
    }
  }
  expect_merged(owners_find(even_owners(side * side), pairs));
  expect_merged(anyone_finds(even_owners(side * side), pairs));
}

TEST_F(MergeTest, NoRankHoldsTheWholeGraph) {
  // The worst case for memory: every pair crosses ranks. Each rank owns 1/P of the labels, asks for the two
  // ends of 1/P of the pairs, and answers at most the two neighbours of each own label.
  const std::uint64_t count = 6000, share = count / ranks + 1;
  const auto owners = even_owners(count);
  const auto statistics = expect_merged(owners_find(owners, path_through(alternating(owners))));
  EXPECT_LE(statistics.traffic.max_labels, 5 * share);
  EXPECT_LE(statistics.traffic.max_pairs, 5 * share);
}

}  // namespace
}  // namespace cleft
