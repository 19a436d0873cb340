#include "components/split_component.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/narrow.hpp"
#include "components/plain_split.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

using test::all_connectivities;
using test::for_each_voxel;
using test::values_of;

double squared(double v) {
  return v * v;
}

Array3<std::uint8_t> mask_where(const Extent& extent,
                                const std::function<bool(std::int64_t, std::int64_t, std::int64_t)>& inside) {
  Array3<std::uint8_t> mask(extent);
  for_each_voxel(extent, [&](auto z, auto y, auto x) { mask(z, y, x) = inside(z, y, x) ? 1 : 0; });
  return mask;
}

/// The largest component of a mask.
Array3<std::uint8_t> largest_component(const Array3<std::uint8_t>& mask, Connectivity connectivity) {
  const auto components = test::flood_fill(mask.view(), connectivity);
  std::map<std::uint64_t, std::int64_t> sizes;
  for (const std::uint64_t c : components.voxels())
    if (c != 0) ++sizes[c];
  const auto largest = std::max_element(sizes.begin(), sizes.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
  return mask_where(mask.extent(),
                    [&](auto z, auto y, auto x) { return components(z, y, x) == largest->first; });
}

bool in_ball(std::int64_t z, std::int64_t y, std::int64_t x, const GlobalVoxel& centre, double radius_nm,
             const VoxelSize& nm) {
  return test::squared_nm({z, y, x}, centre, nm) <= squared(radius_nm);
}

TEST(SplitComponentTest, ByDistanceAsStraightFromTheDefinitions) {
  std::uint32_t most = 0;
  for (const auto connectivity : all_connectivities)
    for (const VoxelSize& nm : {VoxelSize{10, 10, 10}, VoxelSize{40, 5, 5}, VoxelSize{3, 4, 7}})
      for (const double p : {0.5, 0.8, 0.97})
        for (const Extent& extent : {Extent{7, 9, 11}, Extent{1, 14, 15}, Extent{12, 1, 9}})
          for (const auto& [apart, min_size] : {std::pair{1.0, 1}, {25.0, 4}, {12.0, 12}}) {
            SCOPED_TRACE(test::name_of(connectivity) + ", " + to_string(nm) + ", " + std::to_string(p) +
                         ", " + to_string(extent) + ", apart " + std::to_string(apart));
            const auto component = largest_component(test::random_mask(extent, p, 3), connectivity);
            const Parts parts = split_by_distance(component.view(), nm, apart, min_size, connectivity);
            ASSERT_EQ(values_of(parts.numbers),
                      values_of(test::plain_split(component.view(), {}, nm, apart, min_size, connectivity)));
            EXPECT_EQ(parts.count,
                      *std::max_element(parts.numbers.voxels().begin(), parts.numbers.voxels().end()));
            most = std::max(most, parts.count);
          }
  EXPECT_GT(most, 10U) << "a test of nothing";
}

TEST(SplitComponentTest, FromSeedsAsStraightFromTheDefinitions) {
  for (const auto connectivity : all_connectivities)
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
      const auto component = largest_component(test::random_mask({8, 9, 10}, 0.8, seed), connectivity);
      // Seeds of many voxels: the components of another mask, as cores are.
      const auto within = test::random_mask({8, 9, 10}, 0.15, seed + 50);
      const auto cores = test::flood_fill(
          mask_where({8, 9, 10},
                     [&](auto z, auto y, auto x) { return within(z, y, x) != 0 && component(z, y, x) != 0; })
              .view(),
          connectivity);
      Array3<std::uint32_t> seeds(cores.extent());
      std::uint32_t count = 0;
      for (std::size_t i = 0; i < seeds.voxels().size(); ++i) {
        seeds.voxels()[i] = narrow<std::uint32_t>(cores.voxels()[i]);
        count = std::max(count, seeds.voxels()[i]);
      }
      const VoxelSize nm{6, 2, 3};
      const auto expected = test::plain_split(component.view(), Array3<std::uint32_t>::copy_of(seeds.view()),
                                              nm, 0, 6, connectivity);
      const Parts parts = split_from_seeds(component.view(), std::move(seeds), count, nm, 6, connectivity);
      ASSERT_EQ(values_of(parts.numbers), values_of(expected));
      EXPECT_GT(parts.count, 1U);
    }
}

TEST(SplitComponentTest, TwoTouchingBallsArePartedByTheMidplane) {
  // Also with voxels that are longer along z, where the balls are balls in nm.
  for (const VoxelSize& nm : {VoxelSize{10, 10, 10}, VoxelSize{20, 10, 10}}) {
    const auto depth = narrow<std::int64_t>(300 / static_cast<std::int64_t>(nm.z));
    const GlobalVoxel a{depth / 2, 15, 12}, b{depth / 2, 15, 30};
    const auto mask = mask_where({depth, 31, 43}, [&](auto z, auto y, auto x) {
      return in_ball(z, y, x, a, 100, nm) || in_ball(z, y, x, b, 100, nm);
    });
    const Parts parts = split_by_distance(mask.view(), nm, 50, 100, Connectivity::twenty_six);
    ASSERT_EQ(parts.count, 2U);
    for_each_voxel(mask.extent(), [&](auto z, auto y, auto x) {
      // The middle of the two, x = 21, goes to the lower seed: of equal peaks the first.
      const std::uint32_t side = mask(z, y, x) == 0 ? 0 : x <= 21 ? 1 : 2;
      EXPECT_EQ(parts.numbers(z, y, x), side) << z << " " << y << " " << x;
    });
  }
}

TEST(SplitComponentTest, ADumbBellIsOneWhereItsBallsAreNearerThanAsked) {
  const VoxelSize nm{10, 10, 10};
  const GlobalVoxel a{10, 10, 10}, b{10, 10, 34};
  const auto mask = mask_where({21, 21, 45}, [&](auto z, auto y, auto x) {
    const bool in_bar =
        x > 10 && x < 34 && squared(narrow<double>(z) - 10) + squared(narrow<double>(y) - 10) <= 4;
    return in_bar || in_ball(z, y, x, a, 80, nm) || in_ball(z, y, x, b, 80, nm);
  });
  EXPECT_EQ(split_by_distance(mask.view(), nm, 240, 50, Connectivity::six).count, 2U);
  EXPECT_EQ(split_by_distance(mask.view(), nm, 241, 50, Connectivity::six).count, 1U);
  const auto parts = split_by_distance(mask.view(), nm, 100, 50, Connectivity::six);
  EXPECT_EQ(parts.numbers(10, 10, 20), 1U);
  EXPECT_EQ(parts.numbers(10, 10, 24), 2U);
}

TEST(SplitComponentTest, ARingIsOneOrHalved) {
  const VoxelSize nm{5, 5, 5};
  const auto ring = mask_where({5, 23, 23}, [](auto z, auto y, auto x) {
    const auto out = std::max(std::abs(y - 11), std::abs(x - 11));
    return z >= 1 && z <= 3 && out >= 7 && out <= 9;
  });
  EXPECT_EQ(split_by_distance(ring.view(), nm, 200, 1, Connectivity::six).count, 1U);
  Array3<std::uint32_t> seeds(ring.extent());
  seeds(2, 11, 3) = 1;
  seeds(2, 11, 19) = 2;
  const Parts halves = split_from_seeds(ring.view(), std::move(seeds), 2, nm, 1, Connectivity::six);
  for_each_voxel(ring.extent(), [&](auto z, auto y, auto x) {
    EXPECT_EQ(halves.numbers(z, y, x), ring(z, y, x) == 0 ? 0U : x <= 11 ? 1U : 2U);
  });
}

TEST(SplitComponentTest, ARingOfPearlsIsAsManyAsPearls) {
  const VoxelSize nm{5, 5, 5};
  std::vector<GlobalVoxel> centres;
  for (int k = 0; k < 6; ++k)
    centres.push_back(
        {8, 40 + std::lround(28 * std::sin(k * M_PI / 3)), 40 + std::lround(28 * std::cos(k * M_PI / 3))});
  const auto pearls = mask_where({17, 81, 81}, [&](auto z, auto y, auto x) {
    return std::any_of(centres.begin(), centres.end(),
                       [&](const GlobalVoxel& c) { return in_ball(z, y, x, c, 75, nm); });
  });
  const Parts six = split_by_distance(pearls.view(), nm, 100, 100, Connectivity::twenty_six);
  EXPECT_EQ(six.count, 6U);
  std::map<std::uint32_t, int> found;
  for (const GlobalVoxel& c : centres) ++found[six.numbers(c.z, c.y, c.x)];
  EXPECT_EQ(found.size(), 6U);
}

TEST(SplitComponentTest, ThickSectionsDoNotMakeAPeakOfEverySection) {
  // A column that is as long as it is wide in nm, in voxels of 40 x 5 x 5.
  const VoxelSize nm{40, 5, 5};
  const GlobalVoxel centre{5, 30, 30};
  const auto ball =
      mask_where({11, 61, 61}, [&](auto z, auto y, auto x) { return in_ball(z, y, x, centre, 130, nm); });
  EXPECT_EQ(split_by_distance(ball.view(), nm, 60, 50, Connectivity::six).count, 1U);
}

TEST(SplitComponentTest, AnObjectThatTheVolumeEdgeCutsIsSplitAsItsMirroredWhole) {
  const VoxelSize nm{10, 10, 10};
  // Two balls side by side, cut through their middles by the first section.
  const auto inside = [&](auto z, auto y, auto x) {
    return in_ball(z, y, x, {12, 14, 13}, 90, nm) || in_ball(z, y, x, {12, 14, 29}, 90, nm);
  };
  const auto whole = mask_where({25, 29, 43}, inside);
  const auto half = mask_where({13, 29, 43}, [&](auto z, auto y, auto x) { return inside(z + 12, y, x); });
  const Parts of_whole = split_by_distance(whole.view(), nm, 50, 10, Connectivity::twenty_six);
  const Parts of_half = split_by_distance(half.view(), nm, 50, 10, Connectivity::twenty_six);
  EXPECT_EQ(of_half.count, 2U);
  EXPECT_EQ(
      values_of(of_half.numbers),
      values_of(Array3<std::uint32_t>::copy_of(of_whole.numbers.view().part({12, 0, 0}, half.extent()))));
  // A slab from face to face of the volume has no end there, and no place that is deeper than others.
  const auto slab = mask_where({3, 40, 40}, [](auto, auto y, auto) { return y >= 10 && y < 17; });
  EXPECT_EQ(split_by_distance(slab.view(), nm, 20, 1, Connectivity::six).count, 1U);
}

TEST(SplitComponentTest, WhatFillsItsArrayIsOne) {
  Array3<std::uint8_t> mask({3, 4, 5});
  mask.fill(1);
  const Parts parts = split_by_distance(mask.view(), {1, 1, 1}, 1, 1, Connectivity::six);
  EXPECT_EQ(parts.count, 1U);
  EXPECT_EQ(values_of(parts.numbers), std::vector<std::uint32_t>(60, 1));
}

TEST(SplitComponentTest, DependsOnlyOnHowVoxelsLieToEachOther) {
  // The same component in a larger array gives the same parts.
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    auto small = largest_component(test::random_mask({8, 12, 14}, 0.85, seed), Connectivity::eighteen);
    for_each_voxel(small.extent(), [&](auto z, auto y, auto x) {
      const bool is_face = z % 7 == 0 || y % 11 == 0 || x % 13 == 0;
      if (is_face) small(z, y, x) = 0;
    });
    small = largest_component(small, Connectivity::eighteen);
    const auto large = mask_where({11, 20, 33}, [&](auto z, auto y, auto x) {
      return z >= 3 && y >= 5 && y < 17 && x >= 19 && small(z - 3, y - 5, x - 19) != 0;
    });
    const VoxelSize nm{30, 4.6, 4.7};
    const Parts a = split_by_distance(small.view(), nm, 10, 5, Connectivity::eighteen);
    const Parts b = split_by_distance(large.view(), nm, 10, 5, Connectivity::eighteen);
    EXPECT_GT(a.count, 1U);
    EXPECT_EQ(values_of(a.numbers),
              values_of(Array3<std::uint32_t>::copy_of(b.numbers.view().part({3, 5, 19}, small.extent()))));
  }
}

}  // namespace
}  // namespace cleft
