#include "objects/judge/bridged_components.hpp"

#include <cmath>
#include <functional>
#include <map>
#include <queue>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

Array3<std::uint64_t> random_mask(const Extent& extent, double density, std::uint64_t seed) {
  Array3<std::uint64_t> mask(extent);
  Random random(seed);
  for (auto& v : mask.voxels()) v = random.uniform() < density ? 1 : 0;
  return mask;
}

/// Visits all voxels of an array.
void for_each_voxel(const Extent& extent,
                    const std::function<void(std::int64_t, std::int64_t, std::int64_t)>& visit) {
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      for (std::int64_t x = 0; x < extent.x; ++x) visit(z, y, x);
}

/// Every voxel at most `reach` away from the mask within its section, by looking at all pairs.
Array3<std::uint8_t> grown(const Array3<std::uint64_t>& mask, double reach_y, double reach_x) {
  const Extent extent = mask.extent();
  Array3<std::uint8_t> result(extent);
  for_each_voxel(extent, [&](std::int64_t z, std::int64_t y, std::int64_t x) {
    for (std::int64_t v = 0; v < extent.y; ++v)
      for (std::int64_t u = 0; u < extent.x; ++u) {
        const double dy = static_cast<double>(y - v) / std::max(reach_y, 1e-9);
        const double dx = static_cast<double>(x - u) / std::max(reach_x, 1e-9);
        if (mask(z, v, u) != 0 && dy * dy + dx * dx <= 1 + 1e-9) result(z, y, x) = 1;
      }
  });
  return result;
}

/// Components by flood fill over 26 neighbours, numbered from 1 in order of first voxel of the filled mask.
Array3<std::int64_t> flooded(const Array3<std::uint8_t>& mask) {
  const Extent extent = mask.extent();
  Array3<std::int64_t> labels(extent);
  std::int64_t count = 0;
  for_each_voxel(extent, [&](std::int64_t z, std::int64_t y, std::int64_t x) {
    if (mask(z, y, x) == 0 || labels(z, y, x) != 0) return;
    labels(z, y, x) = ++count;
    std::queue<LocalVoxel> queue({{z, y, x}});
    for (; !queue.empty(); queue.pop()) {
      const LocalVoxel at = queue.front();
      for (int n = 0; n < 27; ++n) {
        const LocalVoxel next = at + Extent{n / 9 - 1, n / 3 % 3 - 1, n % 3 - 1};
        if (next.z < 0 || next.y < 0 || next.x < 0 || next.z >= extent.z || next.y >= extent.y ||
            next.x >= extent.x)
          continue;
        if (mask(next.z, next.y, next.x) == 0 || labels(next.z, next.y, next.x) != 0) continue;
        labels(next.z, next.y, next.x) = count;
        queue.push(next);
      }
    }
  });
  return labels;
}

/// Objects of the mask by flood fill of the grown mask, numbered by first voxel of the mask itself.
Array3<std::uint64_t> expected_objects(const Array3<std::uint64_t>& mask, double reach_y, double reach_x) {
  const auto labels = flooded(grown(mask, reach_y, reach_x));
  Array3<std::uint64_t> result(mask.extent());
  std::map<std::int64_t, std::uint64_t> numbers;
  for (std::size_t i = 0; i < mask.voxels().size(); ++i)
    if (mask.voxels()[i] != 0)
      result.voxels()[i] = numbers.emplace(labels.voxels()[i], numbers.size() + 1).first->second;
  return result;
}

Array3<std::uint64_t> numbered(const Array3<std::uint64_t>& mask, const Bridge& bridge) {
  std::vector<ObjectRun> runs;
  append_runs(runs, mask.view(), {0, 0, 0});
  number_components(runs, bridge, mask.extent());
  Array3<std::uint64_t> result(mask.extent());
  for (const ObjectRun& run : runs)
    for (std::int64_t x = run.begin; x < run.end; ++x) result(run.z, run.y, x) = run.object;
  return result;
}

void expect_equal(const Array3<std::uint64_t>& a, const Array3<std::uint64_t>& b) {
  EXPECT_TRUE(std::equal(a.voxels().begin(), a.voxels().end(), b.voxels().begin()));
}

TEST(BridgedComponents, WithoutReachTheyAreThe26ConnectedComponents) {
  for (const double density : {0.03, 0.1, 0.3, 0.7}) {
    const auto mask = random_mask({5, 12, 14}, density, 3);
    expect_equal(numbered(mask, {}), expected_objects(mask, 0, 0));
  }
}

TEST(BridgedComponents, GapsWithinReachAreBridgedWithinSections) {
  for (const double reach : {4.6, 9.2, 13.0}) {
    const auto mask = random_mask({4, 20, 22}, 0.02, 4);
    expect_equal(numbered(mask, {reach, {47.5, 4.6, 4.6}}), expected_objects(mask, reach / 4.6, reach / 4.6));
  }
}

TEST(BridgedComponents, ReachIsInNmOnBothAxesOfASection) {
  const auto mask = random_mask({3, 20, 22}, 0.02, 5);
  expect_equal(numbered(mask, {9, {40, 3, 4.5}}), expected_objects(mask, 3, 2));
}

TEST(BridgedComponents, ReachEndsExactlyWhereItSays) {
  Array3<std::uint64_t> mask({1, 1, 12});
  mask(0, 0, 1) = mask(0, 0, 7) = 1;  // five voxels between them: grown by two each, one is left
  const VoxelSize voxel{10, 4.6, 4.6};
  EXPECT_EQ(numbered(mask, {9.2, voxel})(0, 0, 7), 2U);
  mask(0, 0, 6) = 1;
  EXPECT_EQ(numbered(mask, {9.2, voxel})(0, 0, 7), 1U);
  EXPECT_EQ(numbered(mask, {9.1, voxel})(0, 0, 7), 2U);
}

TEST(BridgedComponents, AnEmptyMaskHasNone) {
  std::vector<ObjectRun> runs;
  number_components(runs, {9.2, {47.5, 4.6, 4.6}}, {5, 5, 5});
  EXPECT_TRUE(runs.empty());
}

}  // namespace
}  // namespace cleft
