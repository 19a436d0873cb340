#include <numeric>

#include <gtest/gtest.h>

#include "parallel/communicator.hpp"

namespace cleft {
namespace {

class CommunicatorTest : public testing::Test {
 protected:
  const Communicator world = Communicator::world();
  const int rank = world.rank();
  const int size = world.size();
};

TEST_F(CommunicatorTest, SelfIsOneRank) {
  const auto self = Communicator::self();
  EXPECT_EQ(self.rank(), 0);
  EXPECT_EQ(self.size(), 1);
  EXPECT_EQ(self.sum(rank), rank);
}

TEST_F(CommunicatorTest, BroadcastsFromAnyRoot) {
  for (int root = 0; root < size; ++root) {
    EXPECT_EQ(world.broadcast(rank * 10, root), root * 10);
    // Only the root knows the length.
    const auto values =
        world.broadcast(std::vector<std::int64_t>(static_cast<std::size_t>(rank) + 1, rank), root);
    EXPECT_EQ(values, std::vector<std::int64_t>(static_cast<std::size_t>(root) + 1, root));
    EXPECT_EQ(world.broadcast(std::string(static_cast<std::size_t>(rank), 'a'), root),
              std::string(static_cast<std::size_t>(root), 'a'));
  }
}

TEST_F(CommunicatorTest, ReducesEachNumberType) {
  const int ranks_sum = size * (size - 1) / 2;
  EXPECT_EQ(world.sum(rank), ranks_sum);
  EXPECT_EQ(world.sum(std::int64_t{1} << 40), size * (std::int64_t{1} << 40));
  EXPECT_EQ(world.sum(std::uint64_t{rank == 0}), 1U);
  EXPECT_EQ(world.min(rank + 5), 5);
  EXPECT_EQ(world.max(static_cast<double>(rank)), size - 1.0);
  std::vector<std::int64_t> values{rank, -rank, 7};
  world.sum(std::span(values));
  EXPECT_EQ(values, (std::vector<std::int64_t>{ranks_sum, -ranks_sum, 7 * size}));
}

TEST_F(CommunicatorTest, SumsOverLowerRanks) {
  EXPECT_EQ(world.sum_of_lower_ranks(rank + 1), rank * (rank + 1) / 2);
}

TEST_F(CommunicatorTest, GathersInRankOrder) {
  std::vector<int> expected(static_cast<std::size_t>(size));
  std::iota(expected.begin(), expected.end(), 100);
  EXPECT_EQ(world.all_gather(rank + 100), expected);

  // Rank r gives r values: nothing from rank 0.
  const std::vector<int> mine(static_cast<std::size_t>(rank), rank);
  for (int root = 0; root < size; ++root) {
    const auto all = world.gather(std::span(mine), root);
    std::vector<int> ordered;
    if (rank == root)
      for (int r = 0; r < size; ++r) ordered.insert(ordered.end(), static_cast<std::size_t>(r), r);
    EXPECT_EQ(all, ordered);
  }
}

TEST_F(CommunicatorTest, ExchangeDeliversToEachRankWhatWasMeantForIt) {
  // Rank a sends b + 1 copies of 100 a + b to rank b, and nothing to the rank after itself.
  std::vector<std::vector<int>> to(static_cast<std::size_t>(size));
  const auto silent = [this](int from, int receiver) { return size > 1 && receiver == (from + 1) % size; };
  for (int b = 0; b < size; ++b)
    if (!silent(rank, b))
      to[static_cast<std::size_t>(b)].assign(static_cast<std::size_t>(b) + 1, 100 * rank + b);
  const auto received = world.exchange(to);
  ASSERT_EQ(received.size(), static_cast<std::size_t>(size));
  for (int a = 0; a < size; ++a) {
    const std::size_t count = silent(a, rank) ? 0 : static_cast<std::size_t>(rank) + 1;
    EXPECT_EQ(received[static_cast<std::size_t>(a)], std::vector<int>(count, 100 * a + rank));
  }
}

TEST_F(CommunicatorTest, ConsecutiveExchangesDoNotMix) {
  for (int round = 0; round < 20; ++round) {
    std::vector<std::vector<int>> to(static_cast<std::size_t>(size), std::vector<int>{round * size + rank});
    const auto received = world.exchange(to);
    for (int a = 0; a < size; ++a)
      EXPECT_EQ(received[static_cast<std::size_t>(a)], std::vector<int>{round * size + a});
  }
}

}  // namespace
}  // namespace cleft
