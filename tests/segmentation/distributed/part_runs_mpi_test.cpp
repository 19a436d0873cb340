#include <gtest/gtest.h>

#include "base/random.hpp"
#include "blocks/ownership.hpp"
#include "parallel/agree.hpp"
#include "segmentation/distributed/part_runs.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

using test::values_of;

/// What write_labels would make of a block.
void paint(const LabelledBlock& block, const std::vector<std::uint64_t>& numbers, const GlobalVoxel& begin,
           Array3<std::uint64_t>& labels) {
  for (std::int64_t z = 0; z < block.runs.extent().z; ++z)
    for (std::int64_t y = 0; y < block.runs.extent().y; ++y)
      for (const VoxelRun& run : block.runs.row(z, y)) {
        ASSERT_LT(run.component, block.component_count);
        std::fill(labels.row(begin.z + z, begin.y + y) + begin.x + run.begin,
                  labels.row(begin.z + z, begin.y + y) + begin.x + run.end, numbers[run.component]);
      }
}

/// A volume of components: some are objects, some none, and some in parts, of which some are none again.
TEST(PartRunsMpiTest, PartsOfAnyRankComeIntoTheBlocksOfAll) {
  const auto comm = Communicator::world();
  const Extent volume{7, 10, 23};
  for (const Extent& shape : {Extent{3, 4, 5}, Extent{7, 10, 23}, Extent{1, 10, 6}})
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      SCOPED_TRACE(to_string(shape) + ", seed " + std::to_string(seed));
      const auto mask = test::random_mask(volume, 0.3, seed);
      const auto components = test::flood_fill(mask.view(), Connectivity::six);
      const auto is_split = [](std::uint64_t component) { return component % 3 == 0; };
      // Numbers of components are 1 to 1000 and those of parts above; 0 is none.
      const auto number_of = [](std::uint64_t component) { return component % 3 == 1 ? component : 0; };
      Random random(seed);
      Array3<std::uint64_t> parts(volume), expected(volume);
      for (std::size_t i = 0; i < parts.voxels().size(); ++i) {
        const std::uint64_t component = components.voxels()[i];
        if (component != 0 && is_split(component) && random.below(3) > 0)
          parts.voxels()[i] = 1000 + 2 * component + random.below(2);
        expected.voxels()[i] = is_split(component) ? parts.voxels()[i] : number_of(component);
      }
      // A rank knows the parts of some components.
      std::vector<NumberedRun> runs;
      for (std::int32_t z = 0; z < volume.z; ++z)
        for (std::int32_t y = 0; y < volume.y; ++y)
          for (std::int32_t x = 0; x < volume.x;) {
            const std::int32_t begin = x;
            const std::uint64_t part = parts(z, y, x);
            while (x < volume.x && parts(z, y, x) == part) ++x;
            if (part != 0 &&
                part / 2 % static_cast<std::uint64_t>(comm.size()) == static_cast<std::uint64_t>(comm.rank()))
              runs.push_back({z, y, begin, x, part});
          }
      const BlockGrid grid(volume, shape, {});
      const NumberRange mine = owned_range(grid.count(), comm.rank(), comm.size());
      std::vector<LabelledBlock> blocks;
      std::vector<std::vector<std::uint64_t>> numbers;
      for (std::int64_t n = mine.begin; n < mine.end; ++n) {
        const Box box = grid.owned(n);
        const LocalVoxel begin{box.begin.z, box.begin.y, box.begin.x};
        blocks.push_back(label_block(mask.view().part(begin, box.extent()), Connectivity::six));
        numbers.emplace_back(blocks.back().component_count);
        for (std::int64_t z = 0; z < box.extent().z; ++z)
          for (std::int64_t y = 0; y < box.extent().y; ++y)
            for (const VoxelRun& run : blocks.back().runs.row(z, y)) {
              const auto component = components(box.begin.z + z, box.begin.y + y, box.begin.x + run.begin);
              numbers.back()[run.component] = is_split(component) ? 0 : number_of(component);
            }
      }
      put_parts_into_blocks(comm, grid, runs, blocks, numbers);
      all_or_throw(comm, [&] {
        Array3<std::uint64_t> labels(volume);
        for (std::int64_t n = mine.begin; n < mine.end; ++n) {
          const auto i = static_cast<std::size_t>(n - mine.begin);
          ASSERT_EQ(numbers[i].size(), blocks[i].component_count);
          paint(blocks[i], numbers[i], grid.owned(n).begin, labels);
          const Box box = grid.owned(n);
          const LocalVoxel begin{box.begin.z, box.begin.y, box.begin.x};
          EXPECT_EQ(values_of(Array3<std::uint64_t>::copy_of(labels.view().part(begin, box.extent()))),
                    values_of(Array3<std::uint64_t>::copy_of(expected.view().part(begin, box.extent()))));
        }
      });
    }
}

TEST(PartRunsMpiTest, WithoutPartsNothingChanges) {
  const auto comm = Communicator::world();
  const BlockGrid grid({4, 4, 4}, {2, 4, 4}, {});
  const NumberRange mine = owned_range(grid.count(), comm.rank(), comm.size());
  std::vector<LabelledBlock> blocks(static_cast<std::size_t>(mine.size()));
  std::vector<std::vector<std::uint64_t>> numbers(blocks.size());
  for (std::size_t n = 0; n < blocks.size(); ++n) {
    blocks[n] = label_block(test::checkerboard({2, 4, 4}).view(), Connectivity::six);
    numbers[n].assign(blocks[n].component_count, 0);
  }
  put_parts_into_blocks(comm, grid, {}, blocks, numbers);
  for (const LabelledBlock& block : blocks) EXPECT_EQ(block.component_count, 16U);
}

}  // namespace
}  // namespace cleft
