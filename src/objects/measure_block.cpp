#include "objects/measure_block.hpp"

#include <cassert>
#include <span>

namespace cleft {

template <class Stored>
std::vector<ComponentSums> measure_block(const LabelledBlock& block, const Box& owned,
                                         const View3<const Stored>& stored, const Extent& volume) {
  const Extent extent = owned.extent();
  assert(stored.extent() == extent);
  std::vector<ComponentSums> sums(block.component_count);
  for (std::int64_t z = 0; z < extent.z; ++z) {
    for (std::int64_t y = 0; y < extent.y; ++y) {
      const Stored* row = stored.row(z, y);
      for (const VoxelRun& run : block.runs.row(z, y))
        add_run(sums[run.component], owned.begin + Extent{z, y, run.begin},
                std::span(row + run.begin, row + run.end), volume);
    }
  }
  return sums;
}

std::vector<LocalCore> measure_cores(const LabelledBlock& cores, const LabelledBlock& reference) {
  const Extent extent = cores.runs.extent();
  std::vector<LocalCore> measured(cores.component_count);
  for (std::int64_t z = 0; z < extent.z; ++z) {
    for (std::int64_t y = 0; y < extent.y; ++y) {
      const auto core_row = cores.runs.row(z, y);
      const auto reference_row = reference.runs.row(z, y);
      // Runs that overlap: since the core mask is a subset, the reference run contains the whole core run.
      for_each_touching(core_row, reference_row, 0, [&](std::size_t i, std::size_t j) {
        LocalCore& core = measured[core_row[i].component];
        core.component = reference_row[j].component;
        core.voxels += core_row[i].end - core_row[i].begin;
      });
    }
  }
  return measured;
}

template std::vector<ComponentSums> measure_block(const LabelledBlock&, const Box&,
                                                  const View3<const std::uint8_t>&, const Extent&);
template std::vector<ComponentSums> measure_block(const LabelledBlock&, const Box&, const View3<const float>&,
                                                  const Extent&);

}  // namespace cleft
