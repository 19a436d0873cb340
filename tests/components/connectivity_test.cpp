#include "components/connectivity.hpp"

#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(ConnectivityTest, NamesCountTheNeighbours) {
  EXPECT_EQ(neighbour_count(Connectivity::six), 6);
  EXPECT_EQ(neighbour_count(Connectivity::eighteen), 18);
  EXPECT_EQ(neighbour_count(Connectivity::twenty_six), 26);
  for (const auto connectivity : {Connectivity::six, Connectivity::eighteen, Connectivity::twenty_six})
    EXPECT_EQ(to_string(connectivity), std::to_string(neighbour_count(connectivity)));
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
