#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/array3.hpp"
#include "blocks/block_grid.hpp"
#include "blocks/ownership.hpp"
#include "components/label_block.hpp"

namespace cleft::test {

/// Finds the components of each block of a range on its own, as the pipeline does with the blocks that a rank
/// owns.
inline std::vector<LabelledBlock> label_blocks(const View3<const std::uint8_t>& mask, const BlockGrid& grid,
                                               const NumberRange& numbers, Connectivity connectivity) {
  std::vector<LabelledBlock> blocks;
  for (std::int64_t n = numbers.begin; n < numbers.end; ++n) {
    const Box owned = grid.owned(n);
    blocks.push_back(
        label_block(mask.part(whole_box(grid.volume()).local(owned.begin), owned.extent()), connectivity));
  }
  return blocks;
}

/// Sets each voxel of a block's mask to value_of(local component).
template <class ValueOf>
void paint(const LabelledBlock& block, const Box& owned, Array3<std::uint64_t>& volume,
           const ValueOf& value_of) {
  for (std::int64_t z = 0; z < owned.extent().z; ++z) {
    for (std::int64_t y = 0; y < owned.extent().y; ++y) {
      std::uint64_t* row = volume.row(owned.begin.z + z, owned.begin.y + y) + owned.begin.x;
      for (const VoxelRun& run : block.runs.row(z, y))
        std::fill(row + run.begin, row + run.end, value_of(run.component));
    }
  }
}

}  // namespace cleft::test
