#include "features/arena.hpp"

#include <cstdint>

#include <gtest/gtest.h>

namespace cleft::features {
namespace {

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
}  // namespace cleft::features
