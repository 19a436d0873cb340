#include "components/neighbours.hpp"

#include <gtest/gtest.h>

#include "components/plain_split.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

TEST(NeighboursTest, AreAllInsideTheArrayInOrder) {
  for (const auto connectivity : test::all_connectivities)
    for (const Extent& extent : {Extent{3, 4, 5}, Extent{1, 2, 3}, Extent{1, 1, 1}}) {
      const Neighbours neighbours(extent, connectivity);
      test::for_each_voxel(extent, [&](auto z, auto y, auto x) {
        std::vector<std::pair<std::int64_t, bool>> found, expected;
        neighbours.visit(linear_index(GlobalVoxel{z, y, x}, extent),
                         [&](std::int64_t beside, bool by_face) { found.emplace_back(beside, by_face); });
        test::for_each_neighbour(extent, z, y, x, connectivity, [&](auto c, auto b, auto a, bool by_face) {
          expected.emplace_back(linear_index(GlobalVoxel{c, b, a}, extent), by_face);
        });
        EXPECT_EQ(found, expected);
      });
    }
  int count = 0;
  Neighbours({3, 3, 3}, Connectivity::eighteen).visit(13, [&](std::int64_t, bool) { ++count; });
  EXPECT_EQ(count, 18);
}

}  // namespace
}  // namespace cleft
