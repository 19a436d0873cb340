#include "segmentation/threshold_block.hpp"

#include <algorithm>
#include <utility>

#include "base/narrow.hpp"
#include "base/threads.hpp"
#include "components/runs.hpp"
#include "threshold/smooth.hpp"

namespace cleft {

namespace {

/// A tile is some rows of one section: so few that the cache of a processor's core holds their masks.
constexpr std::int64_t tile_voxels = 1 << 15;

std::int64_t rows_of_tile(const Extent& owned) {
  return std::max<std::int64_t>(tile_voxels / owned.x, 1);
}

/// The two masks of a block, as runs.
struct MaskRuns {
  Runs reference, core;
};

/// Each thread holds the masks of one tile at a time, as voxels, and keeps their runs.
template <class Stored>
MaskRuns runs_of_masks(const View3<const float>& smoothed, const View3<const Stored>& stored,
                       const ThresholdOptions& options, int threads) {
  const Extent owned = smoothed.extent();
  const BlockGrid tiles(owned, {1, rows_of_tile(owned), owned.x}, {});  // numbered in the order of their rows
  std::vector<Runs> reference(to_size(tiles.count())), core(reference.size());
  run_on_threads(tiles.count(), threads, [&](std::int64_t number) {
    const Box tile = tiles.owned(number);
    const LocalVoxel begin{tile.begin.z, tile.begin.y, tile.begin.x};
    const TwoLevelMasks masks =
        two_level_masks(smoothed.part(begin, tile.extent()), stored.part(begin, tile.extent()), options);
    reference[to_size(number)] = Runs(masks.reference.view());
    core[to_size(number)] = Runs(masks.core.view());
  });
  return {Runs(owned, reference), Runs(owned, core)};
}

}  // namespace

template <class Stored>
ThresholdedBlock threshold_block(const BlockGrid& grid, std::int64_t number,
                                 const View3<const Stored>& padded, const ThresholdSettings& settings,
                                 int threads) {
  const Box owned = grid.owned(number);
  const LocalVoxel owned_begin = grid.padded(number).local(owned.begin);
  const auto stored = padded.part(owned_begin, owned.extent());
  MaskRuns runs = runs_of_masks(smooth(padded, owned_begin, owned.extent(), settings.sigma, threads).view(),
                                stored, settings.options, threads);

  // One thread labels and measures: together that is a few hundredths of the work.
  ThresholdedBlock block;
  block.reference = label_runs(std::move(runs.reference), settings.connectivity);
  block.core = label_runs(std::move(runs.core), settings.connectivity);
  block.components = measure_block(block.reference, owned, stored, grid.volume());
  block.cores = measure_cores(block.core, block.reference);
  return block;
}

template ThresholdedBlock threshold_block(const BlockGrid&, std::int64_t, const View3<const std::uint8_t>&,
                                          const ThresholdSettings&, int);
template ThresholdedBlock threshold_block(const BlockGrid&, std::int64_t, const View3<const float>&,
                                          const ThresholdSettings&, int);

std::int64_t threshold_bytes(const Extent& owned, const Extent& padded, const PerAxis<double>& sigma,
                             int threads) {
  // Smoothing takes the most; what it returns stays while each thread has the two masks of a tile.
  const std::int64_t masks = 2 * rows_of_tile(owned) * owned.x;
  return smoothing_bytes(owned, padded, sigma, threads) + threads * masks;
}

}  // namespace cleft
