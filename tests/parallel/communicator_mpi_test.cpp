#include <numeric>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "parallel/communicator.hpp"

namespace cleft {
namespace {

/// The parameter: how many bytes a transfer part has.
class CommunicatorTest : public testing::TestWithParam<std::size_t> {
 protected:
  const Communicator world = Communicator::world(GetParam());
  const int rank = world.rank();
  const int size = world.size();
};

TEST_P(CommunicatorTest, SelfIsOneRank) {
  const auto self = Communicator::self();
  EXPECT_EQ(self.rank(), 0);
  EXPECT_EQ(self.size(), 1);
  EXPECT_EQ(self.sum(rank), rank);
}

TEST_P(CommunicatorTest, BroadcastsFromAnyRoot) {
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

TEST_P(CommunicatorTest, ReducesEachNumberType) {
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

TEST_P(CommunicatorTest, SumsOverLowerRanks) {
  EXPECT_EQ(world.sum_of_lower_ranks(rank + 1), rank * (rank + 1) / 2);
}

TEST_P(CommunicatorTest, GathersInRankOrder) {
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

TEST_P(CommunicatorTest, ExchangeDeliversToEachRankWhatWasMeantForIt) {
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

TEST_P(CommunicatorTest, ConsecutiveExchangesDoNotMix) {
  for (int round = 0; round < 20; ++round) {
    std::vector<std::vector<int>> to(static_cast<std::size_t>(size), std::vector<int>{round * size + rank});
    const auto received = world.exchange(to);
    for (int a = 0; a < size; ++a)
      EXPECT_EQ(received[static_cast<std::size_t>(a)], std::vector<int>{round * size + a});
  }
}

TEST_P(CommunicatorTest, LongTransfersArriveWhole) {
  // Neither a multiple of a part nor the same length on every rank.
  const auto numbers = [](int sender, int receiver) {
    std::vector<std::int64_t> values(static_cast<std::size_t>(101 + 7 * sender + receiver));
    std::iota(values.begin(), values.end(), 1000 * sender);
    return values;
  };
  for (int root = 0; root < size; ++root)
    EXPECT_EQ(world.broadcast(numbers(rank, 0), root), numbers(root, 0));
  std::vector<std::vector<std::int64_t>> to;
  for (int b = 0; b < size; ++b) to.push_back(numbers(rank, b));
  const auto received = world.exchange(to);
  for (int a = 0; a < size; ++a) EXPECT_EQ(received[static_cast<std::size_t>(a)], numbers(a, rank));
  std::vector<int> ones(103, 1);
  world.sum(std::span(ones));
  EXPECT_EQ(ones, std::vector<int>(103, size));
}

INSTANTIATE_TEST_SUITE_P(PartBytes, CommunicatorTest,
                         testing::Values(8, 24, Communicator::default_part_bytes),
                         testing::PrintToStringParamName());

TEST(TransferParts, MustHoldWholeNumbersThatMpiCanCount) {
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{12}, std::size_t{1} << 31U})
    EXPECT_THROW(Communicator::world(bytes), InternalError);
}

}  // namespace
}  // namespace cleft
