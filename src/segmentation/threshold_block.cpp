#include "segmentation/threshold_block.hpp"

#include <algorithm>
#include <utility>

#include "base/narrow.hpp"
#include "base/threads.hpp"
#include "components/runs.hpp"
#include "threshold/smooth.hpp"

namespace cleft {

namespace {

/// Rows of one section are looked at at a time, so few that a core's cache holds their masks.
constexpr std::int64_t piece_voxels = 1 << 15;

std::int64_t rows_of_piece(const Extent& core) {
  return std::max<std::int64_t>(piece_voxels / core.x, 1);
}

/// The two masks of a block.
struct MaskRuns {
  Runs reference, core;
};

/// The masks themselves are there for a piece at a time only.
template <class Stored>
MaskRuns runs_of_masks(const View3<const float>& smoothed, const View3<const Stored>& stored,
                       const ThresholdOptions& options, int threads) {
  const Extent core = smoothed.extent();
  const BlockGrid pieces(core, {1, rows_of_piece(core), core.x}, {});  // numbered in the order of their rows
  std::vector<Runs> reference(to_size(pieces.count())), cores(reference.size());
  run_on_threads(pieces.count(), threads, [&](std::int64_t number) {
    const Box piece = pieces.owned(number);
    const LocalVoxel begin{piece.begin.z, piece.begin.y, piece.begin.x};
    const TwoLevelMasks masks =
        two_level_masks(smoothed.part(begin, piece.extent()), stored.part(begin, piece.extent()), options);
    reference[to_size(number)] = Runs(masks.reference.view());
    cores[to_size(number)] = Runs(masks.core.view());
  });
  return {Runs(core, reference), Runs(core, cores)};
}

}  // namespace

template <class Stored>
ThresholdedBlock threshold_block(const BlockGrid& grid, std::int64_t number,
                                 const View3<const Stored>& padded, const ThresholdSettings& settings,
                                 int threads) {
  const Box core = grid.owned(number);
  const LocalVoxel core_begin = grid.padded(number).local(core.begin);
  const auto stored = padded.part(core_begin, core.extent());
  MaskRuns runs = runs_of_masks(smooth(padded, core_begin, core.extent(), settings.sigma, threads).view(),
                                stored, settings.options, threads);

  // Labelling and measuring are left to one thread: together a few hundredths of the work.
  ThresholdedBlock block;
  block.reference = label_runs(std::move(runs.reference), settings.connectivity);
  block.core = label_runs(std::move(runs.core), settings.connectivity);
  block.components = measure_block(block.reference, core, stored, grid.volume());
  block.cores = measure_cores(block.core, block.reference);
  return block;
}

template ThresholdedBlock threshold_block(const BlockGrid&, std::int64_t, const View3<const std::uint8_t>&,
                                          const ThresholdSettings&, int);
template ThresholdedBlock threshold_block(const BlockGrid&, std::int64_t, const View3<const float>&,
                                          const ThresholdSettings&, int);

std::int64_t threshold_bytes(const Extent& core, const Extent& padded, const PerAxis<double>& sigma,
                             int threads) {
  // Smoothing takes the most; what it returns stays while each thread has the two masks of a piece.
  const std::int64_t masks = 2 * rows_of_piece(core) * core.x;
  return smoothing_bytes(core, padded, sigma, threads) + threads * masks;
}

}  // namespace cleft
