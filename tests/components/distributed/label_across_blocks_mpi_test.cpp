#include <string>

#include <gtest/gtest.h>

#include "components/distributed/label_across_blocks.hpp"
#include "parallel/agree.hpp"
#include "support/blocked_mask.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

using test::all_connectivities;
using test::name_of;
using test::values_of;

constexpr Extent no_halo{0, 0, 0};

/// The whole chain on the ranks of `comm`: mask, blocks, runs, seams, merge. Returns canonical label + 1 for
/// each voxel of the volume, 0 outside the mask, on every rank.
Array3<std::uint64_t> canonical_labels(const Communicator& comm, const Array3<std::uint8_t>& mask,
                                       const Extent& block, Connectivity connectivity) {
  const BlockGrid grid(mask.extent(), block, no_halo);
  const NumberRange own = owned_range(grid.count(), comm.rank(), comm.size());
  const auto blocks = test::label_blocks(mask.view(), grid, own, connectivity);
  const GlobalLabels labels = label_across_blocks(comm, grid, blocks, connectivity);

  Array3<std::uint64_t> volume(mask.extent());
  for (std::int64_t n = own.begin; n < own.end; ++n) {
    const auto i = static_cast<std::size_t>(n - own.begin);
    const auto canonical = labels.of_block(i);
    test::paint(blocks[i], grid.owned(n), volume,
                [&](std::uint32_t component) { return canonical[component] + 1; });
  }
  comm.sum(volume.voxels());  // each voxel is in one rank's blocks
  return volume;
}

class LabelAcrossBlocksTest : public testing::Test {
 protected:
  /// The same components as flooding the whole volume, under names that one rank alone would give them too.
  void expect_as_flooded(const Array3<std::uint8_t>& mask, const Extent& block,
                         Connectivity connectivity) const {
    SCOPED_TRACE(name_of(connectivity) + " neighbours, blocks of " + to_string(block));
    auto labels = canonical_labels(world, mask, block, connectivity);
    EXPECT_EQ(values_of(labels),
              values_of(canonical_labels(Communicator::self(), mask, block, connectivity)));
    test::number_by_first_voxel(labels);
    EXPECT_EQ(values_of(labels), values_of(test::flood_fill(mask.view(), connectivity)));
  }

  const Communicator world = Communicator::world();
};

/// For a volume of 12 x 17 x 19: blocks that divide it along an axis, that do not, that exceed it, and thin
/// ones.
constexpr Extent block_shapes[] = {{4, 17, 19}, {5, 6, 7},   {7, 5, 4}, {12, 17, 19}, {64, 64, 64},
                                   {3, 64, 5},  {1, 17, 19}, {1, 8, 8}, {12, 1, 10},  {6, 9, 1}};

class RandomMaskTest : public LabelAcrossBlocksTest, public testing::WithParamInterface<double> {};

TEST_P(RandomMaskTest, ComponentsAreThoseOfTheWholeVolume) {
  const auto mask = test::random_mask({12, 17, 19}, GetParam(), 21);
  for (const auto connectivity : all_connectivities)
    for (const Extent& block : block_shapes) expect_as_flooded(mask, block, connectivity);
}

// Around the thresholds where components begin to span the volume: about 0.10 (26), 0.14 (18) and 0.31 (6
// neighbours).
INSTANTIATE_TEST_SUITE_P(AtPercolation, RandomMaskTest, testing::Values(0.1, 0.2, 0.31, 0.5));

TEST_F(LabelAcrossBlocksTest, BlocksOfOneVoxel) {
  for (const double p : {0.2, 0.5, 1.0})
    for (const auto connectivity : all_connectivities)
      expect_as_flooded(test::random_mask({4, 5, 6}, p, 22), {1, 1, 1}, connectivity);
}

TEST_F(LabelAcrossBlocksTest, MoreRanksThanBlocks) {
  const auto mask = test::random_mask({6, 7, 8}, 0.3, 23);
  for (const auto connectivity : all_connectivities) {
    expect_as_flooded(mask, {6, 7, 8}, connectivity);
    expect_as_flooded(mask, {3, 7, 8}, connectivity);
  }
}

TEST_F(LabelAcrossBlocksTest, Checkerboards) {
  const auto mask = test::checkerboard({8, 9, 10});
  for (const auto connectivity : all_connectivities)
    for (const Extent& block : {Extent{1, 9, 10}, Extent{3, 4, 5}, Extent{2, 3, 2}})
      expect_as_flooded(mask, block, connectivity);
}

TEST_F(LabelAcrossBlocksTest, ASerpentineThatCrossesEveryRankManyTimesIsOneComponent) {
  const auto mask = test::serpentine({16, 3, 31});
  for (const auto connectivity : all_connectivities)
    for (const Extent& block : {Extent{1, 3, 31}, Extent{2, 3, 31}, Extent{4, 2, 3}, Extent{1, 1, 1}})
      expect_as_flooded(mask, block, connectivity);
}

TEST_F(LabelAcrossBlocksTest, ACutSerpentineIsTwoComponents) {
  auto mask = test::serpentine({16, 1, 31});
  mask(8, 0, 14) = 0;
  auto labels = canonical_labels(world, mask, {1, 1, 31}, Connectivity::twenty_six);
  test::number_by_first_voxel(labels);
  EXPECT_EQ(labels(0, 0, 0), 1U);
  EXPECT_EQ(labels(9, 0, 14), 1U);
  EXPECT_EQ(labels(7, 0, 14), 2U);
  EXPECT_EQ(labels(15, 0, 30), 2U);
}

TEST_F(LabelAcrossBlocksTest, AnEmptyMaskHasNoLabels) {
  const Array3<std::uint8_t> mask({5, 6, 7});
  expect_as_flooded(mask, {2, 3, 4}, Connectivity::twenty_six);
}

TEST_F(LabelAcrossBlocksTest, CanonicalIsTheSmallestProvisionalLabelOfTheComponent) {
  // Without seams, labels are the numbers of the blocks' components; a full mask joins them all to the first.
  const Extent volume{4, 4, 4};
  const BlockGrid grid(volume, {2, 2, 2}, no_halo);
  const NumberRange own = owned_range(grid.count(), world.rank(), world.size());
  const auto blocks =
      test::label_blocks(test::random_mask(volume, 1, 1).view(), grid, own, Connectivity::six);
  const GlobalLabels labels = label_across_blocks(world, grid, blocks, Connectivity::six);
  for (std::size_t n = 0; n < blocks.size(); ++n) {
    ASSERT_EQ(labels.of_block(n).size(), 1U);
    EXPECT_EQ(labels.of_block(n)[0], 0U);
  }
  EXPECT_EQ(labels.owners().count(), 8U);
  EXPECT_EQ(labels.owners().owner_of(0), 0);
  EXPECT_EQ(labels.owners().end(world.rank()), static_cast<Label>(own.end));
}

TEST_F(LabelAcrossBlocksTest, NoRankHoldsAllLabelsOrPairs) {
  // Long along z, so that most components lie inside one rank's blocks: about a thousand, 130 on each of 8
  // ranks.
  const Extent volume{60, 12, 12};
  const BlockGrid grid(volume, {2, 6, 6}, no_halo);
  const NumberRange own = owned_range(grid.count(), world.rank(), world.size());
  const auto mask = test::random_mask(volume, 0.25, 24);
  const auto blocks = test::label_blocks(mask.view(), grid, own, Connectivity::six);
  const GlobalLabels labels = label_across_blocks(world, grid, blocks, Connectivity::six);

  const auto ranks = static_cast<std::uint64_t>(world.size());
  const std::uint64_t all = labels.owners().count();
  const ForestTraffic& traffic = labels.statistics().traffic;
  EXPECT_LT(traffic.max_labels, 2 * all / ranks)
      << "its own, and those at the surface asked for and answered";
  EXPECT_LT(traffic.max_pairs, all / ranks);
}

TEST_F(LabelAcrossBlocksTest, BlocksThatAreNotTheRanksOwnFailOnEveryRank) {
  const Extent volume{16, 4, 4};
  const BlockGrid grid(volume, {1, 4, 4}, no_halo);
  auto blocks = test::label_blocks(Array3<std::uint8_t>(volume).view(), grid,
                                   owned_range(grid.count(), world.rank(), world.size()), Connectivity::six);
  if (world.rank() == world.size() - 1) blocks.pop_back();
  try {
    label_across_blocks(world, grid, blocks, Connectivity::six);
    ADD_FAILURE() << "a missing block went unnoticed";
  } catch (const CollectiveError& error) {
    EXPECT_EQ(error.rank(), world.size() - 1);
    EXPECT_EQ(error.kind(), ErrorKind::internal);
  }
}

TEST_F(LabelAcrossBlocksTest, AVolumeTooLongForSeamCoordinatesIsRefused) {
  const BlockGrid grid({1, 1, std::int64_t{1} << 31}, {1, 1, 1 << 30}, no_halo);
  EXPECT_THROW(label_across_blocks(world, grid, {}, Connectivity::six), CollectiveError);
}

}  // namespace
}  // namespace cleft
