#include "blocks/label_boxes.hpp"

#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/random.hpp"

namespace cleft {
namespace {

constexpr Extent volume{60, 200, 300};

bool anything_fits(const Extent&) {
  return true;
}

std::int64_t padded_voxels(const std::vector<CoverBox>& boxes, const Extent& halo) {
  std::int64_t sum = 0;
  for (const CoverBox& b : boxes) sum += voxel_count(grown(b.box, halo, whole_box(volume)).extent());
  return sum;
}

/// Every voxel is in exactly one box, and the box is no larger than its members need.
void expect_cover(const std::vector<CoverBox>& boxes, const std::vector<GlobalVoxel>& voxels) {
  std::vector<int> times(voxels.size());
  for (const CoverBox& b : boxes) {
    ASSERT_FALSE(b.members.empty());
    for (int axis = 0; axis < 3; ++axis) {
      std::vector<std::int64_t> along;
      for (const std::size_t m : b.members) along.push_back((voxels[m] - GlobalVoxel{})[axis]);
      const auto [least, most] = std::minmax_element(along.begin(), along.end());
      EXPECT_EQ((b.box.begin - GlobalVoxel{})[axis], *least);
      EXPECT_EQ((b.box.end - GlobalVoxel{})[axis], *most + 1);
    }
    for (const std::size_t m : b.members) ++times[m];
  }
  EXPECT_THAT(times, testing::Each(1));
}

std::vector<GlobalVoxel> scattered(int count, std::uint64_t seed) {
  Random random(seed);
  std::vector<GlobalVoxel> voxels;
  for (int i = 0; i < count; ++i) voxels.push_back({random.below(60), random.below(200), random.below(300)});
  std::sort(voxels.begin(), voxels.end());
  voxels.erase(std::unique(voxels.begin(), voxels.end()), voxels.end());
  return voxels;
}

TEST(CoverVoxels, CoversEachVoxelOnceWithTightBoxes) {
  for (const int count : {0, 1, 2, 10, 400}) {
    for (const Extent& halo : {Extent{0, 0, 0}, Extent{0, 9, 9}, Extent{20, 20, 20}}) {
      const auto voxels = scattered(count, 3);
      expect_cover(cover_voxels(voxels, halo, volume, anything_fits), voxels);
    }
  }
}

TEST(CoverVoxels, KeepsNeighboursTogetherAndSeparatesStrokesFartherApartThanTheirHalos) {
  std::vector<GlobalVoxel> voxels;
  for (std::int64_t x = 0; x < 20; ++x) voxels.push_back({5, 50, x + 10});
  for (std::int64_t x = 0; x < 20; ++x) voxels.push_back({5, 50, x + 200});
  const auto boxes = cover_voxels(voxels, {4, 10, 10}, volume, anything_fits);
  ASSERT_EQ(boxes.size(), 2U);
  EXPECT_EQ(boxes[0].box, (Box{{5, 50, 10}, {6, 51, 30}}));
  EXPECT_EQ(boxes[1].box, (Box{{5, 50, 200}, {6, 51, 220}}));
}

TEST(CoverVoxels, ComputesFarLessThanOneBoxWithFewerBoxesThanVoxels) {
  const Extent halo{6, 6, 6};
  const auto voxels = scattered(300, 5);
  const auto boxes = cover_voxels(voxels, halo, volume, anything_fits);
  EXPECT_LT(boxes.size(), voxels.size());
  EXPECT_LT(padded_voxels(boxes, halo), voxel_count(volume) / 4);
}

TEST(CoverVoxels, CutsBoxesThatDoNotFit) {
  std::vector<GlobalVoxel> voxels;
  for (std::int64_t y = 0; y < 40; ++y)
    for (std::int64_t x = 0; x < 40; ++x) voxels.push_back({5, y, x});
  const auto small = [](const Extent& box) { return voxel_count(box) <= 100; };
  const auto boxes = cover_voxels(voxels, {3, 3, 3}, volume, small);
  expect_cover(boxes, voxels);
  for (const CoverBox& b : boxes) EXPECT_TRUE(small(b.box.extent()));
  EXPECT_THROW(cover_voxels(voxels, {3, 3, 3}, volume, [](const Extent&) { return false; }), ConfigError);
}

TEST(ShareBoxes, GivesEveryRankAboutTheSameWork) {
  const Extent halo{4, 4, 4};
  const auto boxes = cover_voxels(scattered(500, 8), halo, volume, anything_fits);
  for (const int ranks : {1, 2, 3, 4, 7}) {
    const auto rank_of = share_boxes(boxes, halo, volume, ranks);
    std::vector<std::int64_t> load(static_cast<std::size_t>(ranks));
    std::int64_t largest = 0;
    for (std::size_t b = 0; b < boxes.size(); ++b) {
      const std::int64_t cost = padded_voxels({boxes[b]}, halo);
      load.at(static_cast<std::size_t>(rank_of[b])) += cost;
      largest = std::max(largest, cost);
    }
    const auto [least, most] = std::minmax_element(load.begin(), load.end());
    EXPECT_LE(*most - *least, largest + 4096) << ranks << " ranks";
  }
}

}  // namespace
}  // namespace cleft
