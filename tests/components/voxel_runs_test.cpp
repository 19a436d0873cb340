#include "components/voxel_runs.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

using test::random_mask;
using test::values_of;

using RunList = std::vector<VoxelRun>;

RunList copy_of(std::span<const VoxelRun> runs) {
  return {runs.begin(), runs.end()};
}

/// The mask again, as 0 and 1.
std::vector<std::uint8_t> painted(const VoxelRuns& runs) {
  Array3<std::uint8_t> mask(runs.extent());
  for (std::int64_t z = 0; z < runs.extent().z; ++z)
    for (std::int64_t y = 0; y < runs.extent().y; ++y)
      for (const VoxelRun& run : runs.row(z, y))
        std::fill(mask.row(z, y) + run.begin, mask.row(z, y) + run.end, 1);
  return values_of(mask);
}

VoxelRuns runs_of_row(const std::vector<std::uint8_t>& row) {
  return VoxelRuns(View3<const std::uint8_t>(row.data(), {1, 1, static_cast<std::int64_t>(row.size())}));
}

TEST(VoxelRunsTest, OneRunForEachStretchOfARow) {
  const VoxelRuns runs = runs_of_row({1, 0, 2, 255, 0, 0, 1});
  EXPECT_EQ(copy_of(runs.row(0, 0)), (RunList{{0, 1, 0}, {2, 4, 0}, {6, 7, 0}}));
}

TEST(VoxelRunsTest, RunsDoNotContinueInTheNextRow) {
  Array3<std::uint8_t> mask({2, 2, 3});
  mask.fill(1);
  const VoxelRuns runs(mask.view());
  EXPECT_EQ(runs.all().size(), 4U);
  EXPECT_EQ(copy_of(runs.row(1, 0)), (RunList{{0, 3, 0}}));
}

TEST(VoxelRunsTest, FindsStretchesOfAnyPlaceAndLength) {
  for (std::uint32_t begin = 0; begin < 20; ++begin) {
    for (std::uint32_t end = begin + 1; end <= 20; ++end) {
      std::vector<std::uint8_t> row(20, 0);
      std::fill(row.begin() + begin, row.begin() + end, std::uint8_t{7});
      EXPECT_EQ(copy_of(runs_of_row(row).all()), (RunList{{begin, end, 0}}));
    }
  }
}

TEST(VoxelRunsTest, PaintedRunsAreTheMask) {
  for (const double p : {0.02, 0.3, 0.5, 0.97}) {
    const auto mask = random_mask({5, 6, 37}, p, 1);
    EXPECT_EQ(painted(VoxelRuns(mask.view())), values_of(mask)) << "p " << p;
  }
}

TEST(VoxelRunsTest, AreTheSameFromTiles) {
  for (const double p : {0.0, 0.01, 0.3}) {
    const auto mask = random_mask({7, 6, 37}, p, 3);
    std::vector<VoxelRuns> tiles;
    for (const auto& [z, count] : {std::pair{0, 1}, {1, 3}, {4, 2}})
      tiles.emplace_back(mask.view().part({z, 0, 0}, {count, 6, 37}));
    for (const auto& [y, count] : {std::pair{0, 4}, {4, 1}, {5, 1}})
      tiles.emplace_back(mask.view().part({6, y, 0}, {1, count, 37}));
    const VoxelRuns runs(mask.extent(), tiles);
    EXPECT_EQ(runs.extent(), mask.extent());
    EXPECT_EQ(copy_of(runs.all()), copy_of(VoxelRuns(mask.view()).all()));
    EXPECT_EQ(painted(runs), values_of(mask)) << "p " << p;
  }
}

TEST(VoxelRunsTest, ReadsAPartOfALargerArray) {
  const auto whole = random_mask({6, 8, 30}, 0.4, 2);
  const auto part = whole.view().part({1, 2, 3}, {4, 5, 21});
  EXPECT_EQ(painted(VoxelRuns(part)), values_of(Array3<std::uint8_t>::copy_of(part)));
}

TEST(VoxelRunsTest, AnEmptyMaskHasRowsWithoutRuns) {
  const Array3<std::uint8_t> mask({3, 4, 5});
  const VoxelRuns runs(mask.view());
  EXPECT_EQ(runs.extent(), (Extent{3, 4, 5}));
  EXPECT_TRUE(runs.all().empty());
  EXPECT_TRUE(runs.row(2, 3).empty());
}

TEST(VoxelRunsTest, ABlockTooLargeToCountIsRefused) {
  const std::uint8_t voxel = 0;
  const View3<const std::uint8_t> mask(&voxel, {1024, 2048, 2048});
  try {
    const VoxelRuns runs(mask);
    FAIL() << "2^32 voxels were accepted";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "block shape: 1024 x 2048 x 2048 (z, y, x); expected fewer than 2^32 voxels");
  }
}

TEST(VoxelRunsTest, FromRunsWithTheirRows) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto mask = random_mask({4, 5, 9}, 0.05 + 0.04 * static_cast<double>(seed), seed);
    const VoxelRuns runs(mask.view());
    std::vector<RowRun> with_rows;
    for (std::int32_t z = 0; z < 4; ++z)
      for (std::int32_t y = 0; y < 5; ++y)
        for (const VoxelRun& run : runs.row(z, y))
          with_rows.push_back({z, y, static_cast<std::int32_t>(run.begin), static_cast<std::int32_t>(run.end),
                               run.component});
    const VoxelRuns same({4, 5, 9}, with_rows);
    EXPECT_EQ(same.extent(), runs.extent());
    for (std::int64_t z = 0; z < 4; ++z)
      for (std::int64_t y = 0; y < 5; ++y) EXPECT_TRUE(std::ranges::equal(same.row(z, y), runs.row(z, y)));
  }
  const std::vector<RowRun> adjoining{{0, 1, 0, 2, 5}, {0, 1, 2, 3, 0}};
  const VoxelRuns runs({2, 2, 3}, adjoining);
  EXPECT_TRUE(runs.row(0, 0).empty());
  EXPECT_EQ(runs.row(0, 1)[0], (VoxelRun{0, 2, 5}));
  EXPECT_EQ(runs.row(0, 1)[1], (VoxelRun{2, 3, 0}));
  EXPECT_TRUE(runs.row(1, 1).empty());
  EXPECT_TRUE(VoxelRuns({2, 2, 3}, std::span<const RowRun>()).all().empty());
}

using Indices = std::vector<std::pair<std::size_t, std::size_t>>;

/// Whether voxels of two runs share a column, or lie in adjoining ones when `reach` is 1.
bool touching(const VoxelRun& a, const VoxelRun& b, int reach) {
  for (std::int64_t x = a.begin; x < a.end; ++x)
    for (std::int64_t u = b.begin; u < b.end; ++u)
      if (std::abs(x - u) <= reach) return true;
  return false;
}

TEST(ForEachTouchingTest, VisitsThePairsThatShareOrAdjoinAColumn) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto mask = random_mask({1, 2, 24}, 0.2 + 0.6 * Random(seed).uniform(), seed);
    const VoxelRuns runs(mask.view());
    const auto a = runs.row(0, 0), b = runs.row(0, 1);
    for (const int reach : {0, 1}) {
      Indices expected, visited;
      for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = 0; j < b.size(); ++j)
          if (touching(a[i], b[j], reach)) expected.emplace_back(i, j);
      for_each_touching(a, b, reach, [&](std::size_t i, std::size_t j) { visited.emplace_back(i, j); });
      EXPECT_EQ(visited, expected) << "seed " << seed << ", reach " << reach;
    }
  }
}

struct PlacedRun {
  std::int64_t z, y, number;
};

TEST(RowOf, IsTheRunsOfOneRowInTheirOrder) {
  const std::vector<PlacedRun> runs{{0, 2, 0}, {0, 2, 1}, {0, 5, 2}, {1, 2, 3},
                                    {3, 0, 4}, {3, 0, 5}, {3, 0, 6}};
  for (std::int64_t z = -1; z <= 4; ++z)
    for (std::int64_t y = -1; y <= 6; ++y) {
      std::vector<std::int64_t> expected, found;
      for (const PlacedRun& run : runs)
        if (run.z == z && run.y == y) expected.push_back(run.number);
      for (const PlacedRun& run : row_of(std::span(runs), z, y)) found.push_back(run.number);
      EXPECT_EQ(found, expected) << z << ", " << y;
    }
  EXPECT_TRUE(row_of(std::span<const PlacedRun>(), 0, 0).empty());
}

}  // namespace
}  // namespace cleft
