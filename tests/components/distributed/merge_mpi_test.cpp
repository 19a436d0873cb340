#include <functional>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "components/distributed/merge.hpp"
#include "components/union_find.hpp"

namespace cleft {
namespace {

using Pairs = std::vector<IdPair>;
using Ids = std::vector<ProvisionalId>;

/// A graph that every rank knows whole; each gives merge its own part of it.
struct Graph {
  IdOwners owners;
  Pairs pairs;
  /// Which rank finds the n-th pair.
  std::function<int(std::size_t)> finder;
};

Ids smallest_ids(const Graph& graph) {
  UnionFind<ProvisionalId> sets(graph.owners.count());
  for (const IdPair& pair : graph.pairs) sets.unite(pair.a, pair.b);
  Ids smallest(graph.owners.count());
  for (ProvisionalId id = 0; id < smallest.size(); ++id) smallest[id] = sets.find(id);
  return smallest;
}

class MergeTest : public testing::Test {
 protected:
  /// `count` ids over all ranks, evenly.
  IdOwners even_owners(std::uint64_t count) const {
    std::vector<std::uint64_t> counts;
    for (std::uint64_t r = 0; r < ranks; ++r) counts.push_back(count * (r + 1) / ranks - count * r / ranks);
    return IdOwners(counts);
  }
  /// Pairs found by the owners of their first ids, as seams are.
  Graph owners_find(const IdOwners& owners, const Pairs& pairs) const {
    return {owners, pairs, [owners, pairs](std::size_t n) { return owners.owner_of(pairs[n].a); }};
  }
  /// Pairs found by the ranks in turn, whoever owns their ids.
  Graph anyone_finds(const IdOwners& owners, const Pairs& pairs) const {
    return {owners, pairs, [this](std::size_t n) { return static_cast<int>(n % ranks); }};
  }

  /// Merges and compares this rank's ids with those of a serial union-find.
  MergeStatistics expect_merged(const Graph& graph) const {
    Pairs found;
    for (std::size_t n = 0; n < graph.pairs.size(); ++n)
      if (graph.finder(n) == world.rank()) found.push_back(graph.pairs[n]);
    const MergedIds merged = merge(world, graph.owners, found);

    const Ids expected = smallest_ids(graph);
    const auto begin = expected.begin() + static_cast<std::ptrdiff_t>(graph.owners.begin(world.rank()));
    const auto end = expected.begin() + static_cast<std::ptrdiff_t>(graph.owners.end(world.rank()));
    EXPECT_EQ(merged.canonical, Ids(begin, end));
    return merged.statistics;
  }

  const Communicator world = Communicator::world();
  const std::uint64_t ranks = static_cast<std::uint64_t>(world.size());
};

/// Pairs of ids that follow one another in `order`.
Pairs path_through(const Ids& order) {
  Pairs pairs;
  for (std::size_t i = 1; i < order.size(); ++i) pairs.push_back({order[i - 1], order[i]});
  return pairs;
}

Ids in_order(std::uint64_t count) {
  Ids order(count);
  std::iota(order.begin(), order.end(), ProvisionalId{0});
  return order;
}

Ids reversed(std::uint64_t count) {
  Ids order = in_order(count);
  return {order.rbegin(), order.rend()};
}

Ids shuffled(std::uint64_t count) {
  Ids order = in_order(count);
  Random random(11);
  for (std::size_t i = count; i > 1; --i)
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  return order;
}

/// One id of each rank in turn: every step of the path crosses to another rank.
Ids alternating(const IdOwners& owners) {
  Ids order;
  for (ProvisionalId i = 0; order.size() < owners.count(); ++i)
    for (int rank = 0; rank < owners.ranks(); ++rank)
      if (owners.begin(rank) + i < owners.end(rank)) order.push_back(owners.begin(rank) + i);
  return order;
}

TEST_F(MergeTest, WithoutPairsEachIdStandsForItself) {
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

TEST_F(MergeTest, DuplicatesBothWaysAndPairsOfAnIdWithItselfChangeNothing) {
  Pairs pairs;
  for (ProvisionalId id = 0; id < 40; ++id) {
    pairs.push_back({id, id});
    if (id % 7 == 0) continue;
    for (int copies = 0; copies < 3; ++copies) {
      pairs.push_back({id, id - 1});
      pairs.push_back({id - 1, id});
    }
  }
  expect_merged(anyone_finds(even_owners(40), pairs));
}

TEST_F(MergeTest, SomeRanksMayOwnOrFindNothing) {
  // Only every other rank owns ids, and only the last finds pairs.
  std::vector<std::uint64_t> counts;
  for (std::uint64_t r = 0; r < ranks; ++r) counts.push_back(r % 2 == 1 ? 0 : 15);
  const IdOwners owners(counts);
  const int last = world.size() - 1;
  expect_merged({owners, path_through(alternating(owners)), [last](std::size_t) { return last; }});
}

TEST_F(MergeTest, PathsInAnyOrderAreOneComponent) {
  const auto owners = even_owners(120);
  for (const Ids& order : {in_order(120), reversed(120), shuffled(120), alternating(owners)}) {
    expect_merged(owners_find(owners, path_through(order)));
    expect_merged(anyone_finds(owners, path_through(order)));
  }
}

TEST_F(MergeTest, APathThatEachRankSeesAPartOfNeedsAtMostLogarithmicallyManyPhases) {
  // In order, each rank contracts its own part: one id per rank is left.
  const auto statistics = expect_merged(owners_find(even_owners(4000), path_through(in_order(4000))));
  EXPECT_LE(std::uint64_t{1} << statistics.phases, ranks);
}

TEST_F(MergeTest, ExchangesGrowByAConstantWhenAPathGrowsFourfold) {
  const auto exchanges = [this](std::uint64_t count, const std::function<Ids(const IdOwners&)>& order) {
    const auto owners = even_owners(count);
    const auto statistics = expect_merged(owners_find(owners, path_through(order(owners))));
    EXPECT_LE(std::uint64_t{1} << statistics.phases, count) << "each phase halves the roots at least";
    return statistics.traffic.exchanges;
  };
  const auto shuffled_path = [](const IdOwners& owners) { return shuffled(owners.count()); };
  for (const auto& order : {std::function<Ids(const IdOwners&)>(shuffled_path),
                            std::function<Ids(const IdOwners&)>(alternating)}) {
    const int at_256 = exchanges(256, order), at_1024 = exchanges(1024, order),
              at_4096 = exchanges(4096, order);
    EXPECT_LE(at_1024, at_256 + 30);
    EXPECT_LE(at_4096, at_1024 + 30);
    EXPECT_LE(at_4096, 120);
  }
}

TEST_F(MergeTest, AStarLeavesOnePairPerRankWhoeverOwnsItsCentre) {
  const std::uint64_t count = 1000;
  for (const ProvisionalId centre : {ProvisionalId{0}, ProvisionalId{500}, count - 1}) {
    Pairs rays;
    for (ProvisionalId id = 0; id < count; ++id)
      if (id != centre) rays.push_back({id, centre});
    const auto statistics = expect_merged(owners_find(even_owners(count), rays));
    EXPECT_LE(statistics.traffic.max_pairs, count / ranks + 2 * ranks) << "members of the star, one per rank";
    EXPECT_LE(statistics.phases, 3);
  }
}

TEST_F(MergeTest, AStarKnownOnlyToTheOwnerOfItsCentreIsContractedInOnePhase) {
  // Nothing contracts locally but the first rank's own ids; all others pick the centre at once.
  const auto owners = even_owners(400);
  Pairs rays;
  for (ProvisionalId id = 1; id < owners.count(); ++id) rays.push_back({0, id});
  EXPECT_EQ(expect_merged(owners_find(owners, rays)).phases, world.size() == 1 ? 0 : 1);
}

TEST_F(MergeTest, ACompleteGraphIsOneComponent) {
  Pairs pairs;
  for (ProvisionalId a = 0; a < 40; ++a)
    for (ProvisionalId b = 0; b < a; ++b) pairs.push_back({a, b});
  expect_merged(owners_find(even_owners(40), pairs));
  expect_merged(anyone_finds(even_owners(40), pairs));
}

TEST_F(MergeTest, AGridCutIntoTwoHalvesIsTwoComponents) {
  const ProvisionalId side = 20;
  Pairs pairs;
  for (ProvisionalId row = 0; row < side; ++row) {
    for (ProvisionalId column = 0; column < side; ++column) {
      const ProvisionalId here = row * side + column;
      if (row > 0) pairs.push_back({here, here - side});
      if (column > 0 && column != side / 2) pairs.push_back({here, here - 1});
    }
  }
  expect_merged(owners_find(even_owners(side * side), pairs));
  expect_merged(anyone_finds(even_owners(side * side), pairs));
}

TEST_F(MergeTest, NoRankHoldsTheWholeGraph) {
  // The worst case for memory: every pair crosses ranks. Each rank owns 1/P of the ids, asks for the two
  // ends of 1/P of the pairs, and answers at most the two neighbours of each own id.
  const std::uint64_t count = 6000, share = count / ranks + 1;
  const auto owners = even_owners(count);
  const auto statistics = expect_merged(owners_find(owners, path_through(alternating(owners))));
  EXPECT_LE(statistics.traffic.max_ids, 5 * share);
  EXPECT_LE(statistics.traffic.max_pairs, 5 * share);
}

}  // namespace
}  // namespace cleft
