#include "objects/judge/nearest_point.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

/// By looking at all of them.
std::size_t nearest_of_all(const std::vector<PerAxis<double>>& points, const PerAxis<double>& place,
                           const VoxelSize& voxel) {
  std::size_t best = 0;
  double least = -1;
  for (std::size_t i = 0; i < points.size(); ++i) {
    double sum = 0;
    for (int axis = 0; axis < 3; ++axis) {
      const double nm = voxel[axis] * points[i][axis] - voxel[axis] * place[axis];
      sum += nm * nm;
    }
    if (least >= 0 && sum >= least) continue;
    least = sum;
    best = i;
  }
  return best;
}

TEST(NearestPoint, IsWhatLookingAtAllOfThemFinds) {
  Random random(5);
  for (const VoxelSize& voxel : {VoxelSize{40, 4, 4}, {1, 1, 1}, {1, 30, 2}})
    for (const std::size_t count : {1, 2, 7, 60}) {
      // On a coarse lattice, so that several are equally near, and at the same place.
      const auto somewhere = [&] {
        return PerAxis<double>{double(random.below(4)), double(random.below(9)), double(random.below(9))};
      };
      std::vector<PerAxis<double>> points(count);
      for (auto& point : points) point = somewhere();
      const NearestPoint nearest(points, voxel);
      for (int n = 0; n < 200; ++n) {
        const auto place = somewhere();
        EXPECT_EQ(nearest.to(place), nearest_of_all(points, place, voxel));
      }
      EXPECT_EQ(nearest.to({-50, 100, 0.5}), nearest_of_all(points, {-50, 100, 0.5}, voxel));
    }
}

}  // namespace
}  // namespace cleft
