#include "blocks/block_grid.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/array3.hpp"
#include "base/error.hpp"

namespace cleft {
namespace {

struct Case {
  const char* name;
  Extent volume, block, halo, blocks_per_axis;
};

class BlockGridTable : public testing::TestWithParam<Case> {};

TEST_P(BlockGridTable, CoresPartitionTheVolumeInOrder) {
  const auto& [name, volume, block, halo, per_axis] = GetParam();
  const BlockGrid grid(volume, block, halo);
  EXPECT_EQ(grid.blocks_per_axis(), per_axis);
  Array3<std::int32_t> covered(volume);
  for (std::int64_t n = 0; n < grid.count(); ++n) {
    const Box core = grid.owned(n);
    EXPECT_FALSE(core.empty());
    EXPECT_EQ(grid.number(grid.index(n)), n);
    EXPECT_TRUE(grid.contains(grid.index(n)));
    for (std::int64_t z = core.begin.z; z < core.end.z; ++z)
      for (std::int64_t y = core.begin.y; y < core.end.y; ++y)
        for (std::int64_t x = core.begin.x; x < core.end.x; ++x) ++covered(z, y, x);
    if (n > 0) {
      EXPECT_LT(grid.owned(n - 1).begin, core.begin);
    }
  }
  for (const auto count : covered.voxels()) EXPECT_EQ(count, 1);
}

TEST_P(BlockGridTable, PaddedBoxIsTheCoreGrownByTheHaloWithinTheVolume) {
  const auto& [name, volume, block, halo, per_axis] = GetParam();
  const BlockGrid grid(volume, block, halo);
  for (std::int64_t n = 0; n < grid.count(); ++n) {
    const Box core = grid.owned(n), padded = grid.padded(n);
    EXPECT_TRUE(whole_box(volume).contains(padded));
    EXPECT_TRUE(padded.contains(core));
    EXPECT_EQ(padded.begin.x, std::max<std::int64_t>(0, core.begin.x - halo.x));
    EXPECT_EQ(padded.end.z, std::min(volume.z, core.end.z + halo.z));
    EXPECT_EQ(padded.begin.y, std::max<std::int64_t>(0, core.begin.y - halo.y));
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, BlockGridTable,
                         testing::Values(Case{"HeaderExample", {5, 4, 10}, {5, 4, 4}, {1, 1, 1}, {1, 1, 3}},
                                         Case{"Divides", {8, 8, 8}, {4, 4, 4}, {2, 2, 2}, {2, 2, 2}},
                                         Case{"DoesNotDivide", {7, 9, 11}, {3, 4, 5}, {0, 3, 20}, {3, 3, 3}},
                                         Case{"Exceeds", {3, 5, 4}, {100, 7, 4}, {1, 1, 1}, {1, 1, 1}},
                                         Case{"OneSectionThin", {6, 5, 4}, {1, 5, 4}, {2, 0, 0}, {6, 1, 1}}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(BlockGrid, TheHeadersExampleHolds) {
  const BlockGrid grid({5, 4, 10}, {5, 4, 4}, {1, 1, 1});
  const std::vector<std::pair<std::int64_t, std::int64_t>> cores{{0, 4}, {4, 8}, {8, 10}},
      padded{{0, 5}, {3, 9}, {7, 10}};
  for (std::int64_t n = 0; n < 3; ++n) {
    EXPECT_EQ(std::pair(grid.owned(n).begin.x, grid.owned(n).end.x), cores[static_cast<std::size_t>(n)]);
    EXPECT_EQ(std::pair(grid.padded(n).begin.x, grid.padded(n).end.x), padded[static_cast<std::size_t>(n)]);
  }
}

TEST(BlockGrid, RefusesExtentsOutOfRange) {
  EXPECT_THROW(BlockGrid({0, 1, 1}, {1, 1, 1}, {0, 0, 0}), InternalError);
  EXPECT_THROW(BlockGrid({1, 1, 1}, {1, 0, 1}, {0, 0, 0}), InternalError);
  EXPECT_THROW(BlockGrid({1, 1, 1}, {1, 1, 1}, {0, 0, -1}), InternalError);
}

TEST(BlockGrid, KnowsWhichIndicesItContains) {
  const BlockGrid grid({4, 4, 4}, {2, 2, 4}, {0, 0, 0});
  EXPECT_TRUE(grid.contains(BlockIndex{1, 1, 0}));
  EXPECT_FALSE(grid.contains(BlockIndex{1, 1, 1}));
  EXPECT_FALSE(grid.contains(BlockIndex{-1, 0, 0}));
}

}  // namespace
}  // namespace cleft
