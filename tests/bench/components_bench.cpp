// How fast a block is segmented, on one thread: labelling a mask of which 5 % are blobs, and the whole of a
// block's share (smoothing, the two masks as runs, their components, their sums). Mvox/s counts voxels of the
// block's core.

#include <cmath>
#include <string>

#include <benchmark/benchmark.h>

#include "base/random.hpp"
#include "components/label_block.hpp"
#include "pipeline/threshold_block.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

/// Balls of 3 to 9 voxels' radius at random places, until `share` of the voxels are inside one.
Array3<std::uint8_t> blobs(const Extent& extent, double share) {
  Array3<std::uint8_t> mask(extent);
  Random random(7);
  const auto wanted = static_cast<std::int64_t>(share * static_cast<double>(voxel_count(extent)));
  const auto at = [&random](std::int64_t length) {
    return static_cast<std::int64_t>(random.below(static_cast<std::uint32_t>(length)));
  };
  for (std::int64_t inside = 0; inside < wanted;) {
    const std::int64_t radius = 3 + at(7), cz = at(extent.z), cy = at(extent.y), cx = at(extent.x);
    for (std::int64_t z = std::max<std::int64_t>(cz - radius, 0); z < std::min(cz + radius + 1, extent.z);
         ++z)
      for (std::int64_t y = std::max<std::int64_t>(cy - radius, 0); y < std::min(cy + radius + 1, extent.y);
           ++y)
        for (std::int64_t x = std::max<std::int64_t>(cx - radius, 0); x < std::min(cx + radius + 1, extent.x);
             ++x) {
          const std::int64_t dz = z - cz, dy = y - cy, dx = x - cx;
          if (dz * dz + dy * dy + dx * dx > radius * radius || mask(z, y, x) != 0) continue;
          mask(z, y, x) = 1;
          ++inside;
        }
  }
  return mask;
}

void label(benchmark::State& state) {
  const Extent extent{384, 384, 384};
  const auto mask = blobs(extent, 0.05);
  std::uint32_t components = 0;
  for (auto _ : state) {
    const LabelledBlock block = label_block(mask.view(), Connectivity::twenty_six);
    components = block.component_count;
    benchmark::ClobberMemory();
  }
  const double megavoxels = static_cast<double>(voxel_count(extent)) / 1e6;
  state.counters["Mvox/s"] = benchmark::Counter(megavoxels, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["components"] = components;
}
BENCHMARK(label)->Name("components/26/384^3/blobs_5%")->Unit(benchmark::kMillisecond);

/// Stored probabilities of blobs with a core of certainty, blurred at their edges by noise.
Array3<std::uint8_t> probabilities(const Extent& extent) {
  auto stored = blobs(extent, 0.05);
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
        threshold_block(grid, 0, View3<const std::uint8_t>(stored.view()), settings);
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
