#include "components/distance_transform.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/narrow.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

using test::values_of;

constexpr double infinity = std::numeric_limits<double>::infinity();

double squared(double v) {
  return v * v;
}

/// Every voxel compared with every zero.
Array3<double> by_definition(const View3<const std::uint8_t>& mask, const VoxelSize& nm) {
  const Extent extent = mask.extent();
  std::vector<LocalVoxel> zeros;
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      for (std::int64_t x = 0; x < extent.x; ++x)
        if (mask(z, y, x) == 0) zeros.push_back({z, y, x});
  Array3<double> distance(extent);
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      for (std::int64_t x = 0; x < extent.x; ++x) {
        double least = infinity;
        for (const LocalVoxel& zero : zeros) {
          const Extent d = LocalVoxel{z, y, x} - zero;
          least = std::min(least, squared(narrow<double>(d.x) * nm.x) + squared(narrow<double>(d.y) * nm.y) +
                                      squared(narrow<double>(d.z) * nm.z));
        }
        distance(z, y, x) = least;
      }
  return distance;
}

/// Equal but for the rounding of a value in double precision.
void expect_equal(const Array3<double>& found, const Array3<double>& expected) {
  ASSERT_EQ(found.extent(), expected.extent());
  for (std::size_t i = 0; i < expected.voxels().size(); ++i)
    ASSERT_DOUBLE_EQ(found.voxels()[i], expected.voxels()[i]) << "voxel " << i;
}

TEST(DistanceTransformTest, SameAsComparingEveryVoxelWithEveryZero) {
  for (const VoxelSize& nm : {VoxelSize{1, 1, 1}, VoxelSize{47.5, 4.6, 4.6}, VoxelSize{8, 4, 13.7}}) {
    for (const double p : {0.3, 0.9, 0.99, 0.999}) {
      for (const Extent& extent :
           {Extent{7, 13, 19}, Extent{1, 30, 25}, Extent{30, 1, 25}, Extent{30, 25, 1}, Extent{1, 1, 40}}) {
        SCOPED_TRACE(to_string(nm) + ", p " + std::to_string(p) + ", " + to_string(extent));
        const auto mask = test::random_mask(extent, p, 5);
        expect_equal(squared_distance_to_zero(mask.view(), nm), by_definition(mask.view(), nm));
      }
    }
  }
}

TEST(DistanceTransformTest, ExactWhereSquaresAreWholeNumbers) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto mask = test::random_mask({9, 14, 17}, 0.97, seed);
    const VoxelSize nm{7, 3, 2};
    EXPECT_EQ(values_of(squared_distance_to_zero(mask.view(), nm)),
              values_of(by_definition(mask.view(), nm)));
  }
}

TEST(DistanceTransformTest, InsideABallItIsTheDistanceToItsSurface) {
  Array3<std::uint8_t> mask({21, 21, 21});
  for (std::int64_t z = 0; z < 21; ++z)
    for (std::int64_t y = 0; y < 21; ++y)
      for (std::int64_t x = 0; x < 21; ++x)
        mask(z, y, x) = (z - 10) * (z - 10) + (y - 10) * (y - 10) + (x - 10) * (x - 10) < 81 ? 1 : 0;
  const auto distance = squared_distance_to_zero(mask.view(), {10, 10, 10});
  EXPECT_EQ(distance(10, 10, 10), 8100);
  EXPECT_EQ(distance(10, 10, 14), 2500);
  EXPECT_EQ(distance(10, 1, 10), 0);
}

TEST(DistanceTransformTest, DoesNotDependOnWhereTheArrayBegins) {
  // A mask in a corner of a larger array, with nothing new beside it: the same values to the last bit.
  const auto mask = test::random_mask({6, 11, 15}, 0.95, 8);
  const Extent shift{5, 9, 70};
  Array3<std::uint8_t> larger(mask.extent() + shift);
  larger.fill(1);
  const auto part = larger.view().part({shift.z, shift.y, shift.x}, mask.extent());
  for (std::int64_t z = 0; z < mask.extent().z; ++z)
    for (std::int64_t y = 0; y < mask.extent().y; ++y)
      std::copy_n(mask.row(z, y), mask.extent().x, part.row(z, y));
  const VoxelSize nm{47.5, 4.6, 4.7};
  const auto whole = squared_distance_to_zero(larger.view(), nm);
  const auto same = Array3<double>::copy_of(whole.view().part({shift.z, shift.y, shift.x}, mask.extent()));
  EXPECT_EQ(values_of(same), values_of(squared_distance_to_zero(mask.view(), nm)));
  // A part of an array is read as well as a whole one.
  EXPECT_EQ(values_of(squared_distance_to_zero(part, nm)), values_of(same));
}

TEST(DistanceTransformTest, WithoutAZeroItIsInfinite) {
  Array3<std::uint8_t> mask({2, 3, 4});
  mask.fill(1);
  EXPECT_EQ(values_of(squared_distance_to_zero(mask.view(), {1, 1, 1})), std::vector<double>(24, infinity));
}

TEST(DistanceTransformTest, NothingIsTransformedToNothing) {
  EXPECT_EQ(squared_distance_to_zero(Array3<std::uint8_t>({0, 3, 4}).view(), {1, 1, 1}).size(), 0);
  EXPECT_EQ(squared_distance_to_zero(Array3<std::uint8_t>({3, 0, 4}).view(), {1, 1, 1}).size(), 0);
}

}  // namespace
}  // namespace cleft
