#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/array3.hpp"
#include "blocks/block_grid.hpp"
#include "blocks/ownership.hpp"
#include "components/label_block.hpp"

namespace cleft::test {

/// Labels a range of a volume's blocks, each on its own, as the pipeline does with the blocks a rank owns.
inline std::vector<LabelledBlock> label_blocks(const View3<const std::uint8_t>& mask, const BlockGrid& grid,
                                               const NumberRange& numbers, Connectivity connectivity) {
  std::vector<LabelledBlock> blocks;
  for (std::int64_t n = numbers.begin; n < numbers.end; ++n) {
    const Box core = grid.owned(n);
    blocks.push_back(
        label_block(mask.part(whole_box(grid.volume()).local(core.begin), core.extent()), connectivity));
  }
  return blocks;
}

/// Writes label_of(local component) over each voxel of a block's mask.
template <class LabelOf>
void paint(const LabelledBlock& block, const Box& core, Array3<std::uint64_t>& volume,
           const LabelOf& label_of) {
  for (std::int64_t z = 0; z < core.extent().z; ++z) {
    for (std::int64_t y = 0; y < core.extent().y; ++y) {
      std::uint64_t* row = volume.row(core.begin.z + z, core.begin.y + y) + core.begin.x;
      for (const Run& run : block.runs.row(z, y))
        std::fill(row + run.begin, row + run.end, label_of(run.component));
    }
  }
}

}  // namespace cleft::test
