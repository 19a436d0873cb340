#include "blocks/block_plan.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "blocks/block_grid.hpp"

namespace cleft {
namespace {

std::int64_t ten_per_padded_voxel(const Extent&, const Extent& padded) {
  return 10 * voxel_count(padded);
}

const BlockCost ten_bytes{.bytes = ten_per_padded_voxel};

/// Memory of which a planned block may take `bytes`.
BlockMemory memory_of(std::int64_t bytes) {
  return {.per_rank = std::int64_t{1} << 40, .left = bytes / 3 * 4 + 4};
}

/// The time until the last of `ranks` is through when each takes the next block as it becomes free, in
/// voxels.
std::int64_t simulated_makespan(const Extent& volume, const Extent& block, int ranks) {
  const BlockGrid grid(volume, block, {0, 0, 0});
  std::vector<std::int64_t> busy(static_cast<std::size_t>(ranks));
  for (std::int64_t n = 0; n < grid.count(); ++n)
    *std::min_element(busy.begin(), busy.end()) += voxel_count(grid.owned(n).extent());
  return *std::max_element(busy.begin(), busy.end());
}

TEST(BlockPlan, TakesTheWholeVolumeWhenItFitsAndOneBlockIsEnough) {
  EXPECT_EQ(plan_block({20, 100, 130}, {5, 5, 5}, ten_bytes, memory_of(10'000'000), 1),
            (Extent{20, 100, 130}));
}

TEST(BlockPlan, StaysWithinTheMemoryAndPaysForLittleHalo) {
  const Extent volume{1000, 1000, 1000}, halo{20, 20, 20};
  for (const std::int64_t budget : {4'000'000, 50'000'000, 700'000'000}) {
    const Extent block = plan_block(volume, halo, ten_bytes, memory_of(budget), 8);
    EXPECT_LE(ten_per_padded_voxel(block, block + 2 * halo), budget);
    for (int axis = 0; axis < 3; ++axis) EXPECT_EQ(block[axis] % 16, 0);
    // A cube of the same budget, or of an eighth of a rank's share, would not be much better.
    const double cube = std::cbrt(std::min(static_cast<double>(budget) / 10, 1e9 / 64));
    const double of_cube = std::pow(cube / (cube - 40), 3);
    const auto of_block =
        static_cast<double>(voxel_count(block + 2 * halo)) / static_cast<double>(voxel_count(block));
    EXPECT_LT(of_block, 1.5 * of_cube) << to_string(block);
  }
}

TEST(BlockPlan, WithoutAHaloInZBlocksAreFlatAndWide) {
  const Extent block = plan_block({500, 2000, 2000}, {0, 30, 30}, ten_bytes, memory_of(100'000'000), 4);
  EXPECT_LT(block.z, block.y);
  EXPECT_LT(block.z, block.x);
}

/// What ends at a cut across x are the runs of all its rows.
TEST(BlockPlan, WithoutAHaloRowsStayWhole) {
  for (const Extent& volume : {Extent{192, 640, 640}, {1000, 1000, 1000}, {1000, 300, 777}, {64, 4096, 4096}})
    for (const int ranks : {1, 2, 3, 4, 8, 16})
      for (const std::int64_t budget : {std::int64_t{20'000'000}, std::int64_t{2'000'000'000}}) {
        const Extent block = plan_block(volume, {0, 0, 0}, ten_bytes, memory_of(budget), ranks);
        EXPECT_EQ(block.x, volume.x) << to_string(volume) << ", " << ranks << " ranks, " << budget;
        if (volume.z >= 300 * ranks && budget > 1'000'000'000) {
          EXPECT_EQ(block.y, volume.y) << to_string(volume) << ", " << ranks << " ranks";
        }
      }
}

TEST(BlockPlan, SharesTheWorkOfSmallVolumesEvenly) {
  const BlockCost cheap_halo{.bytes = ten_per_padded_voxel, .halo_work = 0.05, .max_overhead = 1.25};
  for (const Extent& volume : {Extent{96, 256, 256}, Extent{40, 200, 240}, Extent{20, 1024, 1024}})
    for (const int ranks : {1, 2, 3, 4, 8}) {
      const Extent block = plan_block(volume, {16, 16, 16}, cheap_halo, memory_of(1'000'000'000), ranks);
      const double fair = static_cast<double>(voxel_count(volume)) / ranks;
      EXPECT_LT(static_cast<double>(simulated_makespan(volume, block, ranks)), 1.25 * fair)
          << to_string(volume) << " in " << to_string(block) << " on " << ranks;
    }
}

/// Voxels with halo over voxels, of all blocks.
double overhead_of(const Extent& volume, const Extent& block, const Extent& halo) {
  const BlockGrid grid(volume, block, halo);
  std::int64_t padded = 0;
  for (std::int64_t n = 0; n < grid.count(); ++n) padded += voxel_count(grid.padded(n).extent());
  return static_cast<double>(padded) / static_cast<double>(voxel_count(volume));
}

TEST(BlockPlan, KeepsToTheOverheadThatIsAllowedWhereItCostsNoBalance) {
  const Extent volume{800, 800, 800}, halo{20, 20, 20};
  for (const int ranks : {1, 2, 4, 6, 8}) {
    BlockCost cost{.bytes = ten_per_padded_voxel, .halo_work = 0.05};
    const Extent freely = plan_block(volume, halo, cost, memory_of(3'000'000'000), ranks);
    EXPECT_GT(overhead_of(volume, freely, halo), 1.25) << ranks << " ranks: a test of nothing";
    cost.max_overhead = 1.25;
    const Extent block = plan_block(volume, halo, cost, memory_of(3'000'000'000), ranks);
    EXPECT_LE(overhead_of(volume, block, halo), 1.25) << ranks << " ranks";
    EXPECT_LE(static_cast<double>(simulated_makespan(volume, block, ranks)),
              1.1 * static_cast<double>(simulated_makespan(volume, freely, ranks)))
        << ranks << " ranks";
  }
}

TEST(BlockPlan, BalanceComesBeforeTheOverheadThatIsAllowed) {
  // 8 blocks for as many ranks would have too much halo.
  const Extent volume{128, 128, 128}, halo{20, 20, 20};
  BlockCost cost{.bytes = ten_per_padded_voxel, .halo_work = 0.05};
  const Extent freely = plan_block(volume, halo, cost, memory_of(1'000'000'000), 8);
  cost.max_overhead = 1.25;
  EXPECT_EQ(plan_block(volume, halo, cost, memory_of(1'000'000'000), 8), freely);
}

TEST(BlockPlan, WhatIsKeptFromBlockToBlockIsNotTaken) {
  const BlockMemory memory{.per_rank = 1'000'000'000, .left = 1'000'000'000};
  const Extent halo{20, 20, 20};
  for (const double kept : {0.0, 0.125, 0.5}) {
    const BlockCost cost{.bytes = ten_per_padded_voxel, .kept = kept};
    const Extent block = plan_block({1000, 1000, 1000}, halo, cost, memory, 1);
    const auto taken = static_cast<double>(ten_per_padded_voxel(block, block + 2 * halo));
    EXPECT_LE(taken, (1 - kept) * 1e9);
    EXPECT_GT(taken, 0.7 * (1 - kept) * 1e9);
  }
}

TEST(BlockPlan, IsQuickForHugeVolumes) {
  int asked = 0;
  const BlockCost cost{.bytes = [&asked](const Extent&, const Extent& padded) {
    ++asked;
    return 10 * voxel_count(padded);
  }};
  plan_block({30'000, 100'000, 100'000}, {20, 20, 20}, cost, memory_of(1'000'000'000), 1000);
  EXPECT_LT(asked, 500'000);
}

TEST(BlockPlan, ABudgetTooSmallIsTheUsersToMend) {
  const BlockMemory memory{.per_rank = 40 << 20, .left = 1 << 20};
  try {
    plan_block({100, 100, 100}, {20, 20, 20}, ten_bytes, memory, 1);
    FAIL() << "nothing was thrown";
  } catch (const ConfigError& e) {
    EXPECT_STREQ(
        e.what(),
        "run.memory_per_rank: is 40 MiB, of which 0 MiB are left for a block; expected at least 43 MiB "
        "(the halo is 20 x 20 x 20 (z, y, x))");
  }
  // What it says is enough.
  const std::int64_t more = 3 << 20;
  EXPECT_NO_THROW(plan_block({100, 100, 100}, {20, 20, 20}, ten_bytes,
                             {.per_rank = memory.per_rank + more, .left = memory.left + more}, 1));
}

TEST(BlockPlan, MakesNoBlockThatComponentsCannotCount) {
  const std::int64_t much = std::int64_t{1} << 60;
  for (const Extent& volume : {Extent{4096, 4096, 4096}, Extent{1 << 20, 1 << 15, 1 << 15}}) {
    const Extent block = plan_block(volume, {10, 10, 10}, ten_bytes, memory_of(much), 1);
    EXPECT_LE(voxel_count(block + 2 * Extent{10, 10, 10}), max_block_voxels);
    EXPECT_GT(voxel_count(block), max_block_voxels / 4);
  }
}

TEST(CheckBlock, WhatFitsPasses) {
  EXPECT_NO_THROW(check_block("run.block_shape", {20, 20, 20}, {100, 100, 100}, {5, 5, 5},
                              ten_per_padded_voxel, {.left = 10 * 30 * 30 * 30}));
  // Cut to the volume, it is no larger than that.
  EXPECT_NO_THROW(check_block("run.block_shape", {5000, 5000, 5000}, {10, 10, 10}, {5, 5, 5},
                              ten_per_padded_voxel, {.left = 10 * 10 * 10 * 10}));
}

TEST(CheckBlock, TooLargeForTheMemoryNamesWhatGaveTheBlockAndBothSizes) {
  try {
    check_block("a.part", {200, 200, 200}, {300, 300, 300}, {50, 50, 50}, ten_per_padded_voxel,
                {.per_rank = 64 << 20, .left = 5 << 20});
    FAIL() << "nothing was thrown";
  } catch (const ConfigError& e) {
    EXPECT_STREQ(e.what(),
                 "a.part: blocks of 200 x 200 x 200 (z, y, x) take 258 MiB; expected at most the 5 MiB that "
                 "run.memory_per_rank (64 MiB) leaves");
  }
}

TEST(CheckBlock, MoreVoxelsThanComponentsCanCountAreRefused) {
  EXPECT_THROW(check_block("run.block_shape", {2000, 2000, 2000}, {4000, 4000, 4000}, {5, 5, 5},
                           ten_per_padded_voxel, {.left = std::int64_t{1} << 60}),
               ConfigError);
}

TEST(ChunkWithin, DividesTheBlock) {
  EXPECT_EQ(chunk_within({1000, 1000, 1000}, {128, 96, 100}, {64, 64, 64}), (Extent{64, 48, 50}));
  EXPECT_EQ(chunk_within({1000, 1000, 1000}, {1, 20, 7}, {64, 64, 64}), (Extent{1, 20, 7}));
}

TEST(ChunkWithin, KeepsAnAxisWithoutUsefulDivisors) {
  EXPECT_EQ(chunk_within({970, 970, 970}, {97, 97, 97}, {64, 64, 64}), (Extent{97, 97, 97}));
}

TEST(ChunkWithin, AnAxisThatOneBlockCoversIsCutIntoEqualChunks) {
  // 1039 and 4099 are primes.
  EXPECT_EQ(chunk_within({1000, 1039, 1039}, {32, 1039, 1039}, {32, 64, 64}), (Extent{32, 62, 62}));
  EXPECT_EQ(chunk_within({300, 4099, 4099}, {256, 4099, 4099}, {64, 64, 64}), (Extent{64, 64, 64}));
  EXPECT_EQ(chunk_within({65, 64, 3}, {65, 64, 3}, {64, 64, 64}), (Extent{33, 64, 3}));
}

TEST(ChunkWithin, NeverBecomesTooLargeForHdf5) {
  for (const std::int64_t prime : {97, 199, 499, 997, 4099}) {
    const Extent chunk = chunk_within({9999, 9999, 9999}, {prime, prime, prime}, {64, 64, 64});
    EXPECT_LE(voxel_count(chunk), 16 * 64 * 64 * 64) << prime;
    for (int axis = 0; axis < 3; ++axis) EXPECT_EQ(prime % chunk[axis], 0);
  }
}

}  // namespace
}  // namespace cleft
