#include "features/region.hpp"

#include <cstdint>

#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(Region, GrowsOnEverySideUpToTheBlocksEdge) {
  const Region region{{2, 5, 0}, {3, 4, 10}};
  const Region larger = grown(region, {1, 7, 2}, {6, 20, 11});
  EXPECT_EQ(larger.begin, (LocalVoxel{1, 0, 0}));
  EXPECT_EQ(larger.extent, (Extent{5, 16, 11}));
}

TEST(Region, DoesNotChangeWithoutMargin) {
  const Region region{{2, 5, 0}, {3, 4, 10}};
  const Region same = grown(region, {}, {5, 9, 10});
  EXPECT_EQ(same.begin, region.begin);
  EXPECT_EQ(same.extent, region.extent);
}

TEST(Patch, FindsARegionOfThePaddedBlockInItsValues) {
  Array3<float> values({4, 5, 6});
  values(1, 2, 3) = 42.0F;
  const Patch patch{values.view(), {10, 20, 30}};
  const Region region{{11, 22, 33}, {2, 2, 2}};
  EXPECT_EQ(patch.offset_of(region), (LocalVoxel{1, 2, 3}));
  EXPECT_EQ(patch.part(region)(0, 0, 0), 42.0F);
  EXPECT_EQ(patch.part(region).extent(), region.extent);
}

TEST(Arena, HandsOutImagesThatDoNotOverlapAndBeginRowsAligned) {
  const Extent small{2, 3, 17}, large{1, 5, 32};
  Arena arena(Arena::floats(small) + Arena::floats(large));
  const View3<float> a = arena.take(small), b = arena.take(large);
  EXPECT_GE(b.data(), a.data() + Arena::floats(small));
  EXPECT_EQ(a.extent(), small);
  for (std::int64_t z = 0; z < 2; ++z)
    for (std::int64_t y = 0; y < 3; ++y) EXPECT_EQ(reinterpret_cast<std::uintptr_t>(a.row(z, y)) % 64, 0U);
}

TEST(Arena, GivesTheSameMemoryAgainAfterItWasReleased) {
  Arena arena(Arena::floats({1, 1, 100}) + Arena::floats({1, 1, 50}));
  arena.take({1, 1, 100});
  const std::int64_t mark = arena.used();
  const float* first = arena.take({1, 1, 50}).data();
  arena.release_to(mark);
  EXPECT_EQ(arena.take({1, 1, 50}).data(), first);
}

TEST(Arena, RefusesMoreThanItHas) {
  Arena arena(Arena::floats({1, 1, 64}));
  arena.take({1, 1, 48});
  EXPECT_THROW(arena.take({1, 1, 32}), InternalError);
}

}  // namespace
}  // namespace cleft
