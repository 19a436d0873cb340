#include "features/patch.hpp"

#include <gtest/gtest.h>

namespace cleft::features {
namespace {

TEST(Patch, FindsABoxOfThePaddedBlockInItsValues) {
  Array3<float> values({4, 5, 6});
  values(1, 2, 3) = 42.0F;
  const Patch patch{values.view(), {10, 20, 30}};
  const LocalBox region{{11, 22, 33}, {13, 24, 35}};
  EXPECT_EQ(patch.offset_of(region), (LocalVoxel{1, 2, 3}));
  EXPECT_EQ(patch.part(region)(0, 0, 0), 42.0F);
  EXPECT_EQ(patch.part(region).extent(), region.extent());
}

}  // namespace
}  // namespace cleft::features
