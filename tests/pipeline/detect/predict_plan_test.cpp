#include "pipeline/detect/predict_plan.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "blocks/block_grid.hpp"
#include "support/temp_directory.hpp"

namespace cleft::test {
namespace {

constexpr std::int64_t gibibyte = std::int64_t{1} << 30;

/// The smallest forest of three classes.
Forest small_forest(int channel_count) {
  Forest forest;
  forest.channel_count = channel_count;
  forest.class_count = 3;
  forest.roots = {0};
  forest.channel = {0};
  forest.threshold = {120};
  forest.left = {~0};
  forest.right = {~1};
  forest.leaf_fractions = {1, 0, 0, 0, 0.5, 0.5};
  return forest;
}

class PredictPlanTest : public testing::Test {
 protected:
  /// Voxels with halo over voxels, of all blocks that predict plans.
  double halo_overhead(const Extent& volume, int ranks) const {
    const PredictPlan plan = plan_predict(job, volume, memory, ranks);
    const BlockGrid grid(volume, plan.block, plan.halo);
    std::int64_t padded = 0;
    for (std::int64_t n = 0; n < grid.count(); ++n) padded += voxel_count(grid.padded(n).extent());
    return static_cast<double>(padded) / static_cast<double>(voxel_count(volume));
  }

  const TempDirectory directory;
  const FeatureSet features{FeatureOptions{}, std::nullopt};
  const Forest forest = small_forest(features.channel_count());
  // What a process holds before any block is a quarter of a GiB: MPI, HDF5 and a large forest.
  const BlockMemory memory{.per_rank = 4 * gibibyte, .left = 4 * gibibyte - gibibyte / 4};
  PredictJob job{
      .volume = {},
      .mask = {},
      .voxel_size = {},
      .stages = {{std::make_shared<const FeatureSet>(features), std::make_shared<const Forest>(forest)}},
      .classes = {"membrane", "synapse", "rest"},
      .stored_classes = {1},
      .recipe = {},
      .block_shape = {},
      .probability = directory / "probability.h5"};
};

/// A volume of this many times 512 voxels on each axis.
struct LargeVolume {
  Extent of_512;
  int ranks() const { return static_cast<int>(voxel_count(of_512)); }
};

TEST_F(PredictPlanTest, TheHaloIsAtMostAQuarterOfAVolumeOf512CubedPerRank) {
  ASSERT_EQ(BlockClassifier::halo(job.stages), (Extent{20, 20, 20}));
  for (const int threads : {1, 8, 128}) {
    job.threads = threads;
    for (const LargeVolume& volume : {LargeVolume{{1, 1, 1}},
                                      {{1, 1, 2}},
                                      {{1, 2, 2}},
                                      {{2, 2, 2}},
                                      {{3, 3, 3}},
                                      {{4, 4, 4}},
                                      {{10, 10, 10}},
                                      {{1, 1, 64}},
                                      {{64, 1, 1}}})
      EXPECT_LE(halo_overhead(512 * volume.of_512, volume.ranks()), 1.25)
          << to_string(volume.of_512) << " times 512, " << threads << " threads";
    EXPECT_LE(halo_overhead({128, 1024, 65536}, 64), 1.25) << threads << " threads";
  }
}

TEST_F(PredictPlanTest, BlocksTakeNoMoreThanTheMemory) {
  job.threads = 8;
  const Extent volume{5120, 5120, 5120};
  const PredictPlan plan = plan_predict(job, volume, memory, 1000);
  const Extent padded = plan.block + 2 * plan.halo;
  // Grey values of two blocks, and probabilities of two.
  const std::int64_t held = 4 * (2 * voxel_count(padded) + 2 * voxel_count(plan.block));
  EXPECT_LT(held, memory.left);
  EXPECT_LT(held + job.threads * TileClassifier::working_bytes(job.stages.front(), plan.tile), memory.left);
}

TEST_F(PredictPlanTest, AMaskNeedsMemoryOfItsOwn) {
  const Extent volume{5120, 5120, 5120};
  job.threads = 8;
  job.block_shape = plan_predict(job, volume, memory, 1).block;
  const auto fits_in = [&](std::int64_t left) {
    try {
      plan_predict(job, volume, {.per_rank = memory.per_rank, .left = left}, 1);
      return true;
    } catch (const ConfigError&) {
      return false;
    }
  };
  std::int64_t least = memory.left;
  while (fits_in(least - (std::int64_t{16} << 20))) least -= std::int64_t{16} << 20;
  job.mask = PlacedMask{{"mask.h5", "/data"}};
  EXPECT_FALSE(fits_in(least));
}

TEST_F(PredictPlanTest, ABlockShapeThatIsGivenIsTaken) {
  job.block_shape = Extent{7, 80, 90};
  EXPECT_EQ(plan_predict(job, {100, 100, 100}, memory, 4).block, *job.block_shape);
}

}  // namespace
}  // namespace cleft::test
