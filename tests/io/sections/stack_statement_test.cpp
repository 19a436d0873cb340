#include "io/sections/stack_statement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(StackStatement, PlacesFollowTheOrderOfTheAxes) {
  StackStatement sizes;
  sizes.sections = 2;
  sizes.channels = 2;
  EXPECT_THAT(places_in_order(sizes, "czt"),
              ElementsAre(PagePlace{0, 0, 0}, PagePlace{0, 1, 0}, PagePlace{1, 0, 0}, PagePlace{1, 1, 0}));
  EXPECT_THAT(places_in_order(sizes, "tzc"),
              ElementsAre(PagePlace{0, 0, 0}, PagePlace{1, 0, 0}, PagePlace{0, 1, 0}, PagePlace{1, 1, 0}));
}

TEST(StackStatement, LsmCountsInItsOwnField) {
  const auto stack = lsm_statement({20, 16, 5, 2, 3}, {4e-9, 5e-9, 40e-9});
  EXPECT_EQ(stack.sections, 5);
  EXPECT_EQ(stack.frames, 3);
  EXPECT_EQ(stack.places.size(), 15U);
  EXPECT_DOUBLE_EQ(stack.voxel_size.z.value(), 40);
  EXPECT_THAT(lsm_statement({20, 16, -5, 2, 3}, {0, 0, 0}).unclear, HasSubstr("cannot be"));
}

}  // namespace
}  // namespace cleft
