#include "segmentation/split_stored.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "base/array_memory.hpp"
#include "base/narrow.hpp"
#include "components/label_block.hpp"
#include "components/split_component.hpp"
#include "objects/decisive_ratio.hpp"
#include "objects/measure_block.hpp"
#include "segmentation/mask_edge.hpp"
#include "threshold/ratio_step.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

/// The two masks of a box, and the ratio steps come from these.
template <class Stored>
struct Thresholded {
  Array3<float> smoothed;
  View3<const Stored> stored;
  TwoLevelMasks masks;
};

/// Where a labelled mask has one of its components: 1, else 0.
Array3<std::uint8_t> voxels_of(const LabelledBlock& block, std::uint32_t component) {
  Array3<std::uint8_t> voxels(block.runs.extent());
  for (std::int64_t z = 0; z < voxels.extent().z; ++z)
    for (std::int64_t y = 0; y < voxels.extent().y; ++y)
      for (const VoxelRun& run : block.runs.row(z, y))
        if (run.component == component)
          std::fill(voxels.row(z, y) + run.begin, voxels.row(z, y) + run.end, std::uint8_t{1});
  return voxels;
}

/// Of all components in a box, which others may reach into, the one that has a voxel.
Array3<std::uint8_t> component_with(const LocalVoxel& voxel, const Array3<std::uint8_t>& mask,
                                    Connectivity connectivity) {
  const LabelledBlock block = label_block(mask.view(), connectivity);
  const auto row = block.runs.row(voxel.z, voxel.y);
  const auto run = std::find_if(row.begin(), row.end(), [&](const VoxelRun& r) { return r.end > voxel.x; });
  assert(run != row.end() && run->begin <= voxel.x);
  return voxels_of(block, run->component);
}

std::vector<std::int64_t> sizes_of(const LabelledBlock& block) {
  std::vector<std::int64_t> sizes(block.component_count);
  for (const VoxelRun& run : block.runs.all()) sizes[run.component] += run.end - run.begin;
  return sizes;
}

/// Where two arrays both are 1.
Array3<std::uint8_t> both(const Array3<std::uint8_t>& a, const Array3<std::uint8_t>& b) {
  auto mask = Array3<std::uint8_t>::uninitialized(a.extent());
  std::transform(a.voxels().begin(), a.voxels().end(), b.voxels().begin(), mask.voxels().begin(),
                 [](std::uint8_t u, std::uint8_t v) { return narrow<std::uint8_t>(u & v); });
  return mask;
}

/// The cores of a synapse's size as seeds, numbered in order of their first voxels.
std::uint32_t seeds_of(const LabelledBlock& cores, std::int64_t needed, Array3<std::uint32_t>& seeds) {
  std::uint32_t count = 0;
  std::vector<std::uint32_t> numbers;
  for (const std::int64_t size : sizes_of(cores)) numbers.push_back(size >= needed ? ++count : 0);
  for (std::int64_t z = 0; z < seeds.extent().z; ++z)
    for (std::int64_t y = 0; y < seeds.extent().y; ++y)
      for (const VoxelRun& run : cores.runs.row(z, y))
        std::fill(seeds.row(z, y) + run.begin, seeds.row(z, y) + run.end, numbers[run.component]);
  return count;
}

Parts parts_of(const Array3<std::uint8_t>& component, const Array3<std::uint8_t>& core_mask,
               const SplitSettings& settings) {
  const Connectivity connectivity = settings.threshold.connectivity;
  if (settings.split.by == Split::distance)
    return split_by_distance(component.view(), settings.voxel_size, settings.split.distance_nm,
                             settings.rule.bounds.min, connectivity);
  Array3<std::uint32_t> seeds(component.extent());
  const auto count =
      seeds_of(label_block(both(component, core_mask).view(), connectivity), settings.rule.needed(), seeds);
  if (count < 2) return {.count = 1, .numbers = {}};
  return split_from_seeds(component.view(), std::move(seeds), count, settings.voxel_size,
                          settings.rule.bounds.min, connectivity);
}

/// Parts as components of one block, part 1 being component 0.
LabelledBlock as_block(const Parts& parts) {
  std::vector<RowRun> runs;
  const Extent& e = parts.numbers.extent();
  for (std::int64_t z = 0; z < e.z; ++z)
    for (std::int64_t y = 0; y < e.y; ++y) {
      const std::uint32_t* row = parts.numbers.row(z, y);
      for (std::int64_t x = 0; x < e.x;) {
        const std::int64_t begin = x;
        while (x < e.x && row[x] == row[begin]) ++x;
        if (row[begin] != 0)
          runs.push_back({narrow<std::int32_t>(z), narrow<std::int32_t>(y), narrow<std::int32_t>(begin),
                          narrow<std::int32_t>(x), row[begin] - 1});
      }
    }
  return {.runs = VoxelRuns(e, runs), .component_count = parts.count};
}

/// The cores of one part: what is connected within it.
CoreSums cores_within(const Parts& parts, std::uint32_t number, const Array3<std::uint8_t>& core_mask,
                      const LocalBox& bounds, Connectivity connectivity) {
  Array3<std::uint8_t> mask(bounds.extent());
  for (std::int64_t z = 0; z < mask.extent().z; ++z)
    for (std::int64_t y = 0; y < mask.extent().y; ++y) {
      const auto from = bounds.begin + Extent{z, y, 0};
      const std::uint32_t* numbers = parts.numbers.row(from.z, from.y) + from.x;
      const std::uint8_t* core = core_mask.row(from.z, from.y) + from.x;
      for (std::int64_t x = 0; x < mask.extent().x; ++x)
        mask.row(z, y)[x] = numbers[x] == number ? core[x] : 0;
    }
  CoreSums cores;
  for (const std::int64_t size : sizes_of(label_block(mask.view(), connectivity))) add_core(cores, size);
  return cores;
}

template <class Stored>
std::vector<RatioStep> steps_of(const VoxelRuns& runs, const Thresholded<Stored>& voxels,
                                Background background) {
  std::vector<RatioStep> steps;
  for (std::int64_t z = 0; z < runs.extent().z; ++z)
    for (std::int64_t y = 0; y < runs.extent().y; ++y)
      for (const VoxelRun& run : runs.row(z, y))
        for (std::uint32_t x = run.begin; x < run.end; ++x) {
          const float f = voxels.smoothed.row(z, y)[x];
          steps.push_back(ratio_step(f, background_of(f, voxels.stored.row(z, y)[x], background)));
        }
  return steps;
}

/// The runs of a box's array in voxels of the volume.
std::vector<RowRun> in_volume(const VoxelRuns& runs, const GlobalVoxel& begin) {
  std::vector<RowRun> placed;
  placed.reserve(runs.all().size());
  for (std::int64_t z = 0; z < runs.extent().z; ++z)
    for (std::int64_t y = 0; y < runs.extent().y; ++y)
      for (const VoxelRun& run : runs.row(z, y))
        placed.push_back({narrow<std::int32_t>(begin.z + z), narrow<std::int32_t>(begin.y + y),
                          narrow<std::int32_t>(begin.x + run.begin), narrow<std::int32_t>(begin.x + run.end),
                          run.component});
  return placed;
}

}  // namespace

ObjectRule rule_before_splitting(const ObjectRule& rule) {
  constexpr auto any = std::numeric_limits<std::int64_t>::max();
  return {.bounds = {rule.bounds.min, any},
          .candidates = {rule.candidates.keeps_any() ? any : 0, rule.candidates.lowest}};
}

Box bounds_of(const ComponentSums& component) {
  return {component.low, component.high + Extent{1, 1, 1}};
}

bool may_be_split(const SynapseSums& component, const SplitSettings& settings) {
  const ObjectRule rule = rule_before_splitting(settings.rule);
  const bool may_become_candidate =
      rule.candidates.keeps_any() && component.decisive >= rule.candidates.lowest;
  if (!is_synapse(component.component, component.cores, rule.bounds) && !may_become_candidate) return false;
  if (component.component.size / 2 < rule.needed()) return false;
  if (settings.split.by == Split::cores)
    return component.cores.count >= 2 && component.cores.largest >= rule.needed() &&
           component.cores.voxels / 2 >= rule.needed();
  const Extent across = bounds_of(component.component).extent() - Extent{1, 1, 1};
  double diagonal = 0;
  for (int axis = 0; axis < 3; ++axis)
    diagonal += std::pow(narrow<double>(across[axis]) * settings.voxel_size[axis], 2);
  // A little more, since sums of squares are rounded.
  return std::sqrt(diagonal) * (1 + 1e-9) >= settings.split.distance_nm;
}

BoxesToSplit boxes_to_split(const Box& bounds, const PerAxis<double>& sigma, const Extent& volume) {
  const Extent halo = smoothing_halo(sigma), reach = mask_edge_reach(sigma, volume);
  BoxesToSplit boxes;
  boxes.box = grown(bounds, {1, 1, 1}, whole_box(volume));
  boxes.padded = grown(boxes.box, halo, whole_box(volume));
  Extent margin;
  for (int axis = 0; axis < 3; ++axis) margin[axis] = std::max(halo[axis], reach[axis]);
  boxes.around = grown(boxes.box, margin, whole_box(volume));
  return boxes;
}

std::int64_t split_bytes(const BoxesToSplit& boxes, const PerAxis<double>& sigma, std::int64_t stored_bytes,
                         bool has_mask) {
  const Extent box = boxes.box.extent(), padded = boxes.padded.extent();
  const std::int64_t voxels = voxel_count(box);
  // The mask, and twice as much while its edge is looked for.
  const std::int64_t mask = has_mask ? 3 * array_memory(voxel_count(boxes.around.extent())) : 0;
  // The ratio steps are noted by run, then sorted by part.
  const std::int64_t steps = 2 * voxels * narrow<std::int64_t>(sizeof(RatioStep));
  return array_memory(stored_bytes * voxel_count(padded)) + mask + smoothing_bytes(box, padded, sigma, 1) +
         2 * array_memory(voxels) + split_component_bytes(voxels) + steps;
}

template <class Stored>
ComponentParts split_stored(const GlobalVoxel& first_voxel, const BoxesToSplit& boxes,
                            const View3<const Stored>& stored,
                            const std::optional<View3<const std::uint8_t>>& mask,
                            const SplitSettings& settings, const Extent& volume, int threads) {
  const ThresholdSettings& threshold = settings.threshold;
  const Box& box = boxes.box;
  const LocalVoxel begin = boxes.padded.local(box.begin);
  Thresholded<Stored> voxels{
      smooth(stored, begin, box.extent(), threshold.sigma, threads), stored.part(begin, box.extent()), {}};
  voxels.masks = two_level_masks(voxels.smoothed.view(), voxels.stored, threshold.options);
  const Parts parts =
      parts_of(component_with(box.local(first_voxel), voxels.masks.reference, threshold.connectivity),
               voxels.masks.core, settings);
  if (parts.count < 2) return {};

  const LabelledBlock block = as_block(parts);
  auto sums = measure_block(block, box, voxels.stored, volume);
  if (mask)
    mark_at_mask_edge(block, *mask, boxes.around, box, mask_edge_reach(threshold.sigma, volume), sums);
  auto steps = steps_of(block.runs, voxels, threshold.options.background);
  const auto highest = highest_steps_of_components(block, steps, settings.rule.needed());
  ComponentParts found;
  for (std::uint32_t part = 0; part < parts.count; ++part)
    found.sums.push_back({sums[part],
                          cores_within(parts, part + 1, voxels.masks.core, box.local(bounds_of(sums[part])),
                                       threshold.connectivity),
                          decisive_step(highest[part], settings.rule.needed())});
  found.runs = in_volume(block.runs, box.begin);
  return found;
}

template ComponentParts split_stored(const GlobalVoxel&, const BoxesToSplit&,
                                     const View3<const std::uint8_t>&,
                                     const std::optional<View3<const std::uint8_t>>&, const SplitSettings&,
                                     const Extent&, int);
template ComponentParts split_stored(const GlobalVoxel&, const BoxesToSplit&, const View3<const float>&,
                                     const std::optional<View3<const std::uint8_t>>&, const SplitSettings&,
                                     const Extent&, int);

}  // namespace cleft
