#include "components/connectivity.hpp"

#include <gtest/gtest.h>

namespace cleft {
namespace {

/// Neighbours of a voxel, counted through the reach along x in each of the rows around it.
int neighbour_count(Connectivity connectivity) {
  int count = -1;  // the voxel itself
  for (int dz = -1; dz <= 1; ++dz) {
    for (int dy = -1; dy <= 1; ++dy) {
      const int reach = reach_along_x(connectivity, dz, dy);
      if (reach >= 0) count += 1 + 2 * reach;
    }
  }
  return count;
}

TEST(ConnectivityTest, NamesCountTheNeighbours) {
  EXPECT_EQ(neighbour_count(Connectivity::six), 6);
  EXPECT_EQ(neighbour_count(Connectivity::eighteen), 18);
  EXPECT_EQ(neighbour_count(Connectivity::twenty_six), 26);
}

TEST(ConnectivityTest, ReachShrinksAsRowsLieFurtherApart) {
  EXPECT_EQ(reach_along_x(Connectivity::six, 0, -1), 0);
  EXPECT_LT(reach_along_x(Connectivity::six, -1, 1), 0);
  EXPECT_EQ(reach_along_x(Connectivity::eighteen, 1, 0), 1);
  EXPECT_EQ(reach_along_x(Connectivity::eighteen, -1, -1), 0);
  EXPECT_EQ(reach_along_x(Connectivity::twenty_six, -1, 1), 1);
}

TEST(ConnectivityTest, ReachIsTheSameInOppositeDirections) {
  for (const auto connectivity : {Connectivity::six, Connectivity::eighteen, Connectivity::twenty_six})
    for (int dz = -1; dz <= 1; ++dz)
      for (int dy = -1; dy <= 1; ++dy)
        EXPECT_EQ(reach_along_x(connectivity, dz, dy), reach_along_x(connectivity, -dz, -dy));
}

}  // namespace
}  // namespace cleft
