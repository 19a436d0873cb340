#include "components/label_block.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "support/masks.hpp"

namespace cleft {
namespace {

using test::all_connectivities;
using test::flood_fill;
using test::name_of;
using test::values_of;

/// 0 outside, local component + 1 inside.
std::vector<std::uint64_t> painted(const LabelledBlock& block) {
  Array3<std::uint64_t> labels(block.runs.extent());
  for (std::int64_t z = 0; z < block.runs.extent().z; ++z)
    for (std::int64_t y = 0; y < block.runs.extent().y; ++y)
      for (const VoxelRun& run : block.runs.row(z, y))
        std::fill(labels.row(z, y) + run.begin, labels.row(z, y) + run.end, run.component + 1);
  return values_of(labels);
}

void expect_same_as_flooding(const View3<const std::uint8_t>& mask, Connectivity connectivity) {
  const auto expected = values_of(flood_fill(mask, connectivity));
  const LabelledBlock block = label_block(mask, connectivity);
  EXPECT_EQ(painted(block), expected);
  EXPECT_EQ(block.component_count, *std::ranges::max_element(expected));
}

TEST(LabelBlockTest, SameComponentsInTheSameOrderAsFlooding) {
  for (const auto connectivity : all_connectivities) {
    for (const double p : {0.05, 0.1, 0.2, 0.31, 0.5, 0.8}) {
      for (const Extent& extent :
           {Extent{12, 17, 19}, Extent{1, 40, 40}, Extent{30, 1, 30}, Extent{30, 30, 1}}) {
        SCOPED_TRACE(name_of(connectivity) + " neighbours, p " + std::to_string(p) + ", " +
                     to_string(extent));
        expect_same_as_flooding(test::random_mask(extent, p, 3).view(), connectivity);
      }
    }
  }
}

TEST(LabelBlockTest, ACheckerboardIsOneComponentOnlyOverEdges) {
  const auto mask = test::checkerboard({4, 5, 6});
  EXPECT_EQ(label_block(mask.view(), Connectivity::six).component_count, 60U);
  EXPECT_EQ(label_block(mask.view(), Connectivity::eighteen).component_count, 1U);
  EXPECT_EQ(label_block(mask.view(), Connectivity::twenty_six).component_count, 1U);
}

TEST(LabelBlockTest, ASerpentineIsOneComponent) {
  const auto mask = test::serpentine({9, 5, 21});
  for (const auto connectivity : all_connectivities) {
    EXPECT_EQ(label_block(mask.view(), connectivity).component_count, 1U);
    expect_same_as_flooding(mask.view(), connectivity);
  }
}

TEST(LabelBlockTest, VoxelsThatMeetAtACornerNeedTwentySixNeighbours) {
  for (const std::int64_t y : {0, 1}) {
    for (const std::int64_t x : {0, 1}) {
      Array3<std::uint8_t> mask({2, 2, 2});
      mask(0, y, x) = mask(1, 1 - y, 1 - x) = 1;
      EXPECT_EQ(label_block(mask.view(), Connectivity::eighteen).component_count, 2U);
      EXPECT_EQ(label_block(mask.view(), Connectivity::twenty_six).component_count, 1U);
    }
  }
}

TEST(LabelBlockTest, ReadsAPartOfALargerArray) {
  const auto whole = test::random_mask({8, 9, 40}, 0.3, 4);
  expect_same_as_flooding(whole.view().part({1, 2, 3}, {6, 5, 31}), Connectivity::eighteen);
}

TEST(LabelBlockTest, ComponentsThatAreNotKeptLeaveNothingBehind) {
  const auto mask = test::random_mask({7, 9, 11}, 0.2, 3);
  const auto flooded = flood_fill(mask.view(), Connectivity::six);
  LabelledBlock block = label_block(mask.view(), Connectivity::six);
  std::vector<bool> keep;
  for (std::uint32_t c = 0; c < block.component_count; ++c) keep.push_back(c % 3 == 1);
  const auto numbers = keep_components(block, keep);

  ASSERT_EQ(numbers.size(), keep.size());
  Array3<std::uint64_t> expected(mask.extent());
  for (std::size_t i = 0; i < expected.voxels().size(); ++i) {
    const std::uint64_t component = flooded.voxels()[i];  // from 1
    if (component != 0 && component % 3 == 2) expected.voxels()[i] = (component - 2) / 3 + 1;
  }
  EXPECT_EQ(painted(block), values_of(expected));
  EXPECT_EQ(block.component_count, std::count(keep.begin(), keep.end(), true));
  for (std::size_t c = 0; c < keep.size(); ++c) EXPECT_EQ(numbers[c] == VoxelRuns::dropped, !keep[c]);
}

TEST(LabelBlockTest, ABlockOfWhichNothingIsKeptIsEmpty) {
  const auto mask = test::checkerboard({3, 4, 5});
  LabelledBlock block = label_block(mask.view(), Connectivity::eighteen);
  EXPECT_EQ(keep_components(block, {false}), std::vector<std::uint32_t>{VoxelRuns::dropped});
  EXPECT_TRUE(block.runs.all().empty());
  EXPECT_TRUE(block.runs.row(2, 3).empty());
  EXPECT_EQ(block.component_count, 0U);
}

TEST(LabelBlockTest, AnEmptyMaskHasNoComponents) {
  const Array3<std::uint8_t> mask({3, 4, 5});
  EXPECT_EQ(label_block(mask.view(), Connectivity::twenty_six).component_count, 0U);
}

TEST(LabelBlockTest, AFullMaskIsOneComponent) {
  Array3<std::uint8_t> mask({3, 4, 5});
  mask.fill(1);
  EXPECT_EQ(label_block(mask.view(), Connectivity::six).component_count, 1U);
}

}  // namespace
}  // namespace cleft
