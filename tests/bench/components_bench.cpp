// How fast a block is segmented, on one thread: labelling a mask of which 5 % are blobs, up to runs and up to
// an array, and the whole of a
// block's share (smoothing, the two masks as runs, their components, their sums). Mvox/s counts voxels of the
// block's core.

#include <algorithm>
#include <cstdint>

#include <benchmark/benchmark.h>

#include "base/random.hpp"
#include "blobs.hpp"
#include "components/label_block.hpp"
#include "segmentation/threshold_block.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

void label(benchmark::State& state) {
  const auto mask = blobs(blobs_extent, blobs_share);
  std::uint32_t components = 0;
  for (auto _ : state) {
    const LabelledBlock block = label_block(mask.view(), Connectivity::twenty_six);
    components = block.component_count;
    benchmark::ClobberMemory();
  }
  const double megavoxels = static_cast<double>(voxel_count(blobs_extent)) / 1e6;
  state.counters["Mvox/s"] = benchmark::Counter(megavoxels, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["components"] = components;
}
BENCHMARK(label)->Name("components/26/384^3/blobs_5%")->Unit(benchmark::kMillisecond);

/// The same up to what other programs hand out: an array with each voxel's number.
void label_and_fill(benchmark::State& state) {
  const auto mask = blobs(blobs_extent, blobs_share);
  for (auto _ : state) {
    const LabelledBlock block = label_block(mask.view(), Connectivity::twenty_six);
    Array3<std::uint32_t> numbers(blobs_extent);
    for (std::int64_t z = 0; z < blobs_extent.z; ++z)
      for (std::int64_t y = 0; y < blobs_extent.y; ++y)
        for (const VoxelRun& run : block.runs.row(z, y))
          std::fill(numbers.row(z, y) + run.begin, numbers.row(z, y) + run.end, run.component + 1);
    benchmark::DoNotOptimize(numbers.data());
    benchmark::ClobberMemory();
  }
  const double megavoxels = static_cast<double>(voxel_count(blobs_extent)) / 1e6;
  state.counters["Mvox/s"] = benchmark::Counter(megavoxels, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(label_and_fill)->Name("components_filled/26/384^3/blobs_5%")->Unit(benchmark::kMillisecond);

/// Stored probabilities of blobs with a core of certainty, blurred at their edges by noise.
Array3<std::uint8_t> probabilities(const Extent& extent) {
  auto stored = blobs(extent, blobs_share);
  Random random(3);
  for (std::uint8_t& p : stored.voxels())
    p = static_cast<std::uint8_t>(p != 0 ? 150 + random.below(106) : random.below(80));
  return stored;
}

constexpr Extent block{160, 192, 192};

void report(benchmark::State& state) {
  const double megavoxels = static_cast<double>(voxel_count(block)) / 1e6;
  state.counters["Mvox/s"] = benchmark::Counter(megavoxels, benchmark::Counter::kIsIterationInvariantRate);
}

void smoothing(benchmark::State& state) {
  const PerAxis<double> sigma{5, 5, 5};
  const Extent halo = smoothing_halo(sigma);
  const auto stored = probabilities(block + 2 * halo);
  for (auto _ : state) {
    const auto smoothed = smooth(stored.view(), {halo.z, halo.y, halo.x}, block, sigma);
    benchmark::DoNotOptimize(smoothed.data());
  }
  report(state);
}
BENCHMARK(smoothing)->Name("threshold/smooth/sigma_5")->Unit(benchmark::kMillisecond);

/// All that segment does of a block but smoothing: both masks, their components and sums.
void thresholding(benchmark::State& state) {
  const auto stored = probabilities(block);
  const BlockGrid grid(block, block, {});
  const ThresholdSettings settings{.options = {}, .sigma = {0, 0, 0}};
  std::uint32_t cores = 0;
  for (auto _ : state) {
    const ThresholdedBlock found =
        threshold_block(grid, 0, View3<const std::uint8_t>(stored.view()), settings, 1000, 1);
    cores = found.core.component_count;
    benchmark::ClobberMemory();
  }
  state.counters["cores"] = cores;
  report(state);
}
BENCHMARK(thresholding)->Name("threshold/masks_components_sums")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cleft

BENCHMARK_MAIN();
