#include <vector>

#include <gtest/gtest.h>

#include "pipeline/run/block_memory.hpp"

namespace cleft {
namespace {

constexpr std::int64_t mebibyte = 1 << 20;

TEST(MemoryForBlocks, IsThatOfTheFullestRankOnEveryRank) {
  const Communicator world = Communicator::world();
  constexpr std::int64_t share = 4096 * mebibyte;
  const auto without = memory_for_blocks(world, share).left;
  const std::vector<char> held(static_cast<std::size_t>(world.is_root() ? 400 * mebibyte : 0), 1);
  const auto with = memory_for_blocks(world, share).left;
  EXPECT_EQ(world.max(with), -world.max(-with));
  // What rank 0 holds is missing, on all; other memory changes a little meanwhile.
  EXPECT_NEAR(static_cast<double>(without - with), 400.0 * mebibyte, 20.0 * mebibyte);
}

}  // namespace
}  // namespace cleft
