#include "objects/measure_block.hpp"

#include <algorithm>
#include <cassert>
#include <span>

#include "base/threads.hpp"
#include "blocks/ownership.hpp"

namespace cleft {

namespace {

/// What some sections of a block have of one of its components.
struct SlabSums {
  std::uint32_t component;
  ComponentSums sums;
};

/// Measures the sections [begin, end) of a block.
template <class Stored>
std::vector<SlabSums> measure_sections(const LabelledBlock& block, const Box& core,
                                       const View3<const Stored>& stored, const Extent& volume,
                                       const NumberRange& sections) {
  constexpr std::uint32_t nowhere = ~std::uint32_t{0};
  std::vector<std::uint32_t> place(block.component_count, nowhere);  // in what is found
  std::vector<SlabSums> found;
  for (std::int64_t z = sections.begin; z < sections.end; ++z) {
    for (std::int64_t y = 0; y < core.extent().y; ++y) {
      const Stored* row = stored.row(z, y);
      for (const Run& run : block.runs.row(z, y)) {
        std::uint32_t& at = place[run.component];
        if (at == nowhere) {
          at = static_cast<std::uint32_t>(found.size());
          found.push_back({run.component, {}});
        }
        add_run(found[at].sums, core.begin + Extent{z, y, run.begin},
                std::span(row + run.begin, row + run.end), volume);
      }
    }
  }
  return found;
}

}  // namespace

template <class Stored>
std::vector<ComponentSums> measure_block(const LabelledBlock& block, const Box& core,
                                         const View3<const Stored>& stored, const Extent& volume,
                                         int threads) {
  assert(stored.extent() == core.extent());
  std::vector<ComponentSums> sums(block.component_count);
  if (sums.empty()) return sums;
  const int slabs = static_cast<int>(std::min<std::int64_t>(threads, core.extent().z));
  std::vector<std::vector<SlabSums>> of_slabs(static_cast<std::size_t>(slabs));
  run_on_threads(slabs, threads, [&](std::int64_t slab) {
    of_slabs[static_cast<std::size_t>(slab)] = measure_sections(
        block, core, stored, volume, owned_range(core.extent().z, static_cast<int>(slab), slabs));
  });
  for (const auto& slab : of_slabs)
    for (const SlabSums& part : slab) sums[part.component] = combine(sums[part.component], part.sums);
  return sums;
}

std::vector<LocalCore> measure_cores(const LabelledBlock& cores, const LabelledBlock& reference) {
  const Extent extent = cores.runs.extent();
  std::vector<LocalCore> measured(cores.component_count);
  for (std::int64_t z = 0; z < extent.z; ++z) {
    for (std::int64_t y = 0; y < extent.y; ++y) {
      const auto core_row = cores.runs.row(z, y);
      const auto reference_row = reference.runs.row(z, y);
      // Overlapping runs: the reference run of an overlap holds the core run whole.
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
                                                  const View3<const std::uint8_t>&, const Extent&, int);
template std::vector<ComponentSums> measure_block(const LabelledBlock&, const Box&, const View3<const float>&,
                                                  const Extent&, int);

}  // namespace cleft
