#include "blocks/tile_grid.hpp"

#include <gtest/gtest.h>

#include "base/array3.hpp"
#include "base/error.hpp"

namespace cleft {
namespace {

TEST(TileGrid, CutsAnArrayInTheOrderOfItsMemory) {
  const TileGrid tiles({2, 4, 10}, {2, 2, 4});
  ASSERT_EQ(tiles.count(), 6);
  EXPECT_EQ(tiles.tile(), (Extent{2, 2, 4}));
  EXPECT_EQ(tiles.tile(0), (LocalBox{{0, 0, 0}, {2, 2, 4}}));
  EXPECT_EQ(tiles.tile(2), (LocalBox{{0, 0, 8}, {2, 2, 10}}));  // smaller at the far end
  EXPECT_EQ(tiles.tile(3), (LocalBox{{0, 2, 0}, {2, 4, 4}}));
}

TEST(TileGrid, HoldsEachVoxelInOneTile) {
  for (const Extent& tile : {Extent{1, 1, 1}, {2, 3, 4}, {3, 2, 11}, {9, 9, 9}}) {
    Array3<int> held({3, 5, 7});
    const TileGrid tiles(held.extent(), tile);
    for (std::int64_t n = 0; n < tiles.count(); ++n) {
      const LocalBox box = tiles.tile(n);
      for (std::int64_t z = box.begin.z; z < box.end.z; ++z)
        for (std::int64_t y = box.begin.y; y < box.end.y; ++y)
          for (std::int64_t x = box.begin.x; x < box.end.x; ++x) ++held(z, y, x);
    }
    for (const int times : held.voxels()) EXPECT_EQ(times, 1) << to_string(tile);
  }
}

TEST(TileGrid, RefusesTilesWithoutVoxels) {
  EXPECT_THROW(TileGrid({3, 5, 7}, {1, 0, 1}), InternalError);
  EXPECT_THROW(TileGrid({0, 5, 7}, {1, 1, 1}), InternalError);
}

}  // namespace
}  // namespace cleft
