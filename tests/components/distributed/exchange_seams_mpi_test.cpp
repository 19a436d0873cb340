#include <algorithm>
#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

#include "components/distributed/exchange_seams.hpp"
#include "support/blocked_mask.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

using test::all_connectivities;
using test::label_blocks;

/// Provisional label of each block's local component 0, and their number at the end.
std::vector<Label> first_labels_of(const std::vector<LabelledBlock>& blocks) {
  std::vector<Label> first(1, 0);
  for (const LabelledBlock& block : blocks) first.push_back(first.back() + block.component_count);
  return first;
}

/// The pairs, smaller label first, of provisional labels of different blocks on neighbouring voxels: `labels`
/// holds provisional label + 1, or 0 outside the mask.
std::set<LabelPair> seams_by_voxels(const Array3<std::uint64_t>& labels, const BlockGrid& grid,
                                    Connectivity connectivity) {
  const auto block_of = [&](const GlobalVoxel& p) {
    const Extent& block = grid.block();
    return BlockIndex{p.z / block.z, p.y / block.y, p.x / block.x};
  };
  std::set<LabelPair> pairs;
  for (std::int64_t n = 0; n < voxel_count(grid.volume()); ++n) {
    const GlobalVoxel p = voxel_at(n, grid.volume());
    for (std::int64_t k = 0; k < 27; ++k) {
      const Extent step{k / 9 - 1, k / 3 % 3 - 1, k % 3 - 1};
      const GlobalVoxel q = p + step;
      if (std::abs(step.z) + std::abs(step.y) + std::abs(step.x) > static_cast<int>(connectivity)) continue;
      if (!whole_box(grid.volume()).contains(q) || block_of(q) <= block_of(p)) continue;
      const std::uint64_t a = labels(p.z, p.y, p.x), b = labels(q.z, q.y, q.x);
      if (a != 0 && b != 0) pairs.insert({a - 1, b - 1});
    }
  }
  return pairs;
}

class ExchangeSeamsTest : public testing::Test {
 protected:
  void expect_all_seams(const Array3<std::uint8_t>& mask, const BlockGrid& grid,
                        Connectivity connectivity) const {
    const auto blocks = label_blocks(mask.view(), grid, {0, grid.count()}, connectivity);
    const auto first_labels = first_labels_of(blocks);
    Array3<std::uint64_t> labels(grid.volume());
    for (std::int64_t n = 0; n < grid.count(); ++n) {
      const auto i = static_cast<std::size_t>(n);
      test::paint(blocks[i], grid.owned(n), labels,
                  [&](std::uint32_t component) { return first_labels[i] + component + 1; });
    }

    const NumberRange own = owned_range(grid.count(), world.rank(), world.size());
    const auto first = static_cast<std::size_t>(own.begin), count = static_cast<std::size_t>(own.size());
    auto found = exchange_seams(world, grid, std::span(blocks).subspan(first, count),
                                std::span(first_labels).subspan(first, count), connectivity);
    for (const LabelPair& pair : found)
      EXPECT_TRUE(pair.b >= first_labels[first] && pair.b < first_labels[first + count])
          << "the later block is own";
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());

    const auto all = world.broadcast(world.gather(std::span<const LabelPair>(found)));
    const auto expected = seams_by_voxels(labels, grid, connectivity);
    EXPECT_EQ(all.size(), expected.size()) << "each pair on one rank";
    EXPECT_EQ(std::set<LabelPair>(all.begin(), all.end()), expected);
  }

  const Communicator world = Communicator::world();
};

TEST_F(ExchangeSeamsTest, FindsEveryPairOfTouchingVoxelsInDifferentBlocks) {
  const Extent volume{9, 11, 13};
  for (const auto connectivity : all_connectivities) {
    for (const Extent& block :
         {Extent{3, 4, 5}, Extent{1, 11, 13}, Extent{9, 1, 4}, Extent{2, 3, 1}, Extent{9, 11, 13}}) {
      for (const double p : {0.2, 0.5}) {
        SCOPED_TRACE(test::name_of(connectivity) + " neighbours, blocks of " + to_string(block));
        expect_all_seams(test::random_mask(volume, p, 7), BlockGrid(volume, block, {0, 0, 0}), connectivity);
      }
    }
  }
}

TEST_F(ExchangeSeamsTest, BlocksOfOneVoxelTouchAllTheirNeighbours) {
  const Extent volume{3, 4, 5};
  for (const auto connectivity : all_connectivities)
    expect_all_seams(test::random_mask(volume, 0.6, 8), BlockGrid(volume, {1, 1, 1}, {0, 0, 0}),
                     connectivity);
}

TEST_F(ExchangeSeamsTest, AnEmptyMaskHasNoSeams) {
  const Extent volume{4, 4, 4};
  expect_all_seams(Array3<std::uint8_t>(volume), BlockGrid(volume, {2, 2, 2}, {0, 0, 0}),
                   Connectivity::twenty_six);
}

}  // namespace
}  // namespace cleft
