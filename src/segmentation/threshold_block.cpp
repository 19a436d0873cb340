#include "segmentation/threshold_block.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/narrow.hpp"
#include "base/threads.hpp"
#include "components/count_voxels.hpp"
#include "components/voxel_runs.hpp"
#include "segmentation/tuning.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

/// Rows of one section that a thread thresholds at a time.
std::int64_t rows_of_tile(const Extent& owned) {
  return std::max<std::int64_t>(tuning::threshold_tile_voxels / owned.x, 1);
}

/// The two masks of a block, as runs.
struct MaskRuns {
  VoxelRuns reference, core;
  RatioCounts ratios;
  std::vector<RatioStep> steps;  // of the reference mask's voxels, run by run
};

/// Counts the ratios of the reference mask's voxels and notes their steps, run by run. Where the mask is
/// empty the highest ratio is looked for among all voxels; elsewhere it is one of the mask's, which are those
/// above reference_ratio.
template <class Stored>
void look_at_ratios(const View3<const float>& smoothed, const View3<const Stored>& stored,
                    const VoxelRuns& reference, Background background, RatioCounts& ratios,
                    std::vector<RatioStep>& steps) {
  if (reference.all().empty()) return ratios.raise_to(highest_ratio(smoothed, stored, background));
  for (std::int64_t z = 0; z < smoothed.extent().z; ++z)
    for (std::int64_t y = 0; y < smoothed.extent().y; ++y)
      for (const VoxelRun& run : reference.row(z, y))
        for (std::uint32_t x = run.begin; x < run.end; ++x) {
          const float f = smoothed.row(z, y)[x];
          const Stored p = stored.row(z, y)[x];
          steps.push_back(ratio_step(f, background_of(f, p, background)));
          ratios.add(steps.back(), ratio_of(f, p, background));
        }
}

/// The values of all lists, one list after the other.
std::vector<RatioStep> joined(std::vector<std::vector<RatioStep>> lists) {
  std::size_t count = 0;
  for (const auto& list : lists) count += list.size();
  std::vector<RatioStep> all;
  all.reserve(count);
  for (auto& list : lists) {
    all.insert(all.end(), list.begin(), list.end());
    list = {};  // so that both take no more than one and a tile
  }
  return all;
}

/// Each thread holds the masks of one tile at a time, as voxels, and keeps their runs.
template <class Stored>
MaskRuns runs_of_masks(const View3<const float>& smoothed, const View3<const Stored>& stored,
                       const ThresholdOptions& options, int threads) {
  const Extent owned = smoothed.extent();
  const BlockGrid tiles(owned, {1, rows_of_tile(owned), owned.x}, {});  // numbered in the order of their rows
  std::vector<VoxelRuns> reference(to_size(tiles.count())), cores(reference.size());
  std::vector<std::vector<RatioStep>> steps(reference.size());
  RatioCounts ratios;
  std::mutex adding;
  run_on_threads(tiles.count(), threads, [&](std::int64_t number) {
    const Box tile = tiles.owned(number);
    const LocalVoxel begin{tile.begin.z, tile.begin.y, tile.begin.x};
    const auto f = smoothed.part(begin, tile.extent());
    const auto p = stored.part(begin, tile.extent());
    const TwoLevelMasks masks = two_level_masks(f, p, options);
    reference[to_size(number)] = VoxelRuns(masks.reference.view());
    cores[to_size(number)] = VoxelRuns(masks.core.view());
    RatioCounts of_tile;
    steps[to_size(number)].reserve(to_size(count_voxels(reference[to_size(number)].all())));
    look_at_ratios(f, p, reference[to_size(number)], options.background, of_tile, steps[to_size(number)]);
    const std::lock_guard lock(adding);
    ratios.add(of_tile);
  });
  return {VoxelRuns(owned, reference), VoxelRuns(owned, cores), ratios, joined(std::move(steps))};
}

}  // namespace

template <class Stored>
ThresholdedBlock threshold_block(const BlockGrid& grid, std::int64_t number,
                                 const View3<const Stored>& padded, const ThresholdSettings& settings,
                                 std::int64_t needed, int threads) {
  const Box owned = grid.owned(number);
  const LocalVoxel owned_begin = grid.padded(number).local(owned.begin);
  const auto stored = padded.part(owned_begin, owned.extent());
  MaskRuns runs = runs_of_masks(smooth(padded, owned_begin, owned.extent(), settings.sigma, threads).view(),
                                stored, settings.options, threads);

  // One thread labels and measures: together they are a few percent of the work.
  ThresholdedBlock block;
  block.reference = label_runs(std::move(runs.reference), settings.connectivity);
  block.core = label_runs(std::move(runs.core), settings.connectivity);
  block.components = measure_block(block.reference, owned, stored, grid.volume());
  block.cores = measure_cores(block.core, block.reference);
  block.ratios = runs.ratios;
  block.steps = highest_steps_of_components(block.reference, runs.steps, needed);
  return block;
}

template ThresholdedBlock threshold_block(const BlockGrid&, std::int64_t, const View3<const std::uint8_t>&,
                                          const ThresholdSettings&, std::int64_t, int);
template ThresholdedBlock threshold_block(const BlockGrid&, std::int64_t, const View3<const float>&,
                                          const ThresholdSettings&, std::int64_t, int);

std::int64_t threshold_bytes(const Extent& owned, const Extent& padded, const PerAxis<double>& sigma,
                             int threads) {
  // Smoothing takes the most; what it returns stays while each thread has the two masks of a tile, and while
  // the steps of the reference mask's voxels, which may be all, are noted and put together.
  const std::int64_t masks = 2 * rows_of_tile(owned) * owned.x;
  const std::int64_t steps = 2 * voxel_count(owned) * narrow<std::int64_t>(sizeof(RatioStep));
  return smoothing_bytes(owned, padded, sigma, threads) + threads * masks + steps;
}

}  // namespace cleft
