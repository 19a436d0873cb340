#include "blocks/block_plan.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace cleft {
namespace {

std::int64_t ten_per_padded_voxel(const Extent&, const Extent& padded) {
  return 10 * voxel_count(padded);
}

TEST(BlockPlan, TakesTheWholeVolumeWhenItFitsAndOneBlockIsEnough) {
  EXPECT_EQ(plan_block({20, 100, 130}, {5, 5, 5}, ten_per_padded_voxel, 10'000'000, 1),
            (Extent{20, 100, 130}));
}

TEST(BlockPlan, StaysWithinTheBudget) {
  const Extent volume{1000, 1000, 1000}, halo{20, 20, 20};
  for (const std::int64_t budget : {4'000'000, 50'000'000, 700'000'000}) {
    const Extent block = plan_block(volume, halo, ten_per_padded_voxel, budget, 8);
    EXPECT_LE(ten_per_padded_voxel(block, block + 2 * halo), budget);
    for (int axis = 0; axis < 3; ++axis) EXPECT_EQ(block[axis] % 16, 0);
    // A cube of the same budget would not be much better.
    const double padded = static_cast<double>(voxel_count(block + 2 * halo));
    EXPECT_GT(padded * 10, 0.5 * static_cast<double>(budget));
  }
}

TEST(BlockPlan, WithoutAHaloInZBlocksAreFlatAndWide) {
  const Extent block = plan_block({500, 2000, 2000}, {0, 30, 30}, ten_per_padded_voxel, 100'000'000, 4);
  EXPECT_LT(block.z, block.y);
  EXPECT_LT(block.z, block.x);
}

TEST(BlockPlan, MakesEnoughBlocksForTheRanks) {
  const Extent volume{256, 256, 256};
  const Extent block = plan_block(volume, {8, 8, 8}, ten_per_padded_voxel, 1'000'000'000, 8);
  std::int64_t count = 1;
  for (int axis = 0; axis < 3; ++axis) count *= (volume[axis] + block[axis] - 1) / block[axis];
  EXPECT_GE(count, 8);
}

TEST(BlockPlan, ABudgetTooSmallIsTheUsersToMend) {
  try {
    plan_block({100, 100, 100}, {20, 20, 20}, ten_per_padded_voxel, 1 << 20, 1);
    FAIL() << "nothing was thrown";
  } catch (const ConfigError& e) {
    EXPECT_STREQ(e.what(),
                 "run.memory_per_rank: 1 MiB left for a block; expected at least 2 MiB (the halo is 20 x 20 "
                 "x 20 (z, y, x))");
  }
}

TEST(BlockPlan, MakesNoBlockThatComponentsCannotCount) {
  const std::int64_t much = std::int64_t{1} << 60;
  for (const Extent& volume : {Extent{4096, 4096, 4096}, Extent{1 << 20, 1 << 15, 1 << 15}}) {
    const Extent block = plan_block(volume, {10, 10, 10}, ten_per_padded_voxel, much, 1);
    EXPECT_LE(voxel_count(block + 2 * Extent{10, 10, 10}), most_block_voxels);
    EXPECT_GT(voxel_count(block), most_block_voxels / 4);
  }
}

TEST(CheckBlock, WhatFitsPasses) {
  EXPECT_NO_THROW(check_block("run.block_shape", {20, 20, 20}, {100, 100, 100}, {5, 5, 5},
                              ten_per_padded_voxel, 10 * 30 * 30 * 30));
  // Cut to the volume, it is no larger than that.
  EXPECT_NO_THROW(check_block("run.block_shape", {5000, 5000, 5000}, {10, 10, 10}, {5, 5, 5},
                              ten_per_padded_voxel, 10 * 10 * 10 * 10));
}

TEST(CheckBlock, TooLargeForTheMemoryNamesWhatGaveTheBlockAndBothSizes) {
  try {
    check_block("a.part", {200, 200, 200}, {300, 300, 300}, {50, 50, 50}, ten_per_padded_voxel, 5 << 20);
    FAIL() << "nothing was thrown";
  } catch (const ConfigError& e) {
    EXPECT_STREQ(e.what(),
                 "a.part: blocks of 200 x 200 x 200 (z, y, x) take 258 MiB; expected at most the 5 MiB that "
                 "run.memory_per_rank leaves");
  }
}

TEST(CheckBlock, MoreVoxelsThanComponentsCanCountAreRefused) {
  EXPECT_THROW(check_block("run.block_shape", {2000, 2000, 2000}, {4000, 4000, 4000}, {5, 5, 5},
                           ten_per_padded_voxel, std::int64_t{1} << 60),
               ConfigError);
}

TEST(ChunkWithin, DividesTheBlock) {
  EXPECT_EQ(chunk_within({1000, 1000, 1000}, {128, 96, 100}, {64, 64, 64}), (Extent{64, 48, 50}));
  EXPECT_EQ(chunk_within({1000, 1000, 1000}, {1, 20, 7}, {64, 64, 64}), (Extent{1, 20, 7}));
}

TEST(ChunkWithin, KeepsAnAxisWithoutUsefulDivisors) {
  EXPECT_EQ(chunk_within({970, 970, 970}, {97, 97, 97}, {64, 64, 64}), (Extent{97, 97, 97}));
}

TEST(ChunkWithin, AnAxisThatOneBlockCoversIsCutIntoEqualPieces) {
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
