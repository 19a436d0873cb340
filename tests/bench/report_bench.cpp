// What the report costs for each object, beside reading: its surface and its picture, on one core. The goal
// is 60 s for 1,000 objects on two ranks: 120 ms each.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/array3.hpp"
#include "base/narrow.hpp"
#include "base/random.hpp"
#include "report/jpeg.hpp"
#include "report/outline.hpp"
#include "report/resample.hpp"
#include "report/surface.hpp"
#include "report/voxel_surface.hpp"

namespace cleft {
namespace {

constexpr VoxelSize voxel{8, 8, 8};

/// A bent, uneven disc of about this many voxels, as synapses are.
Array3<std::uint8_t> disc(std::int64_t voxels) {
  constexpr double thickness = 8;
  const double radius = std::sqrt(narrow<double>(voxels) / (3.14 * thickness));
  const auto side = static_cast<std::int64_t>(2 * radius + 6), deep = static_cast<std::int64_t>(radius + 24);
  Array3<std::uint8_t> mask({deep, side, side});
  for (std::int64_t z = 0; z < deep; ++z)
    for (std::int64_t y = 0; y < side; ++y)
      for (std::int64_t x = 0; x < side; ++x) {
        const double dy = narrow<double>(y) - radius - 3, dx = narrow<double>(x) - radius - 3;
        const double wave = 2 * std::sin(dy / 3) * std::cos(dx / 4);
        const double middle = 10 + (dy * dy + dx * dx) / (2 * radius) + wave;
        const bool inside =
            std::abs(narrow<double>(z) - middle) < thickness / 2 && dy * dy + dx * dx < radius * radius;
        mask(z, y, x) = inside ? 1 : 0;
      }
  return mask;
}

void surface(benchmark::State& state) {
  const auto mask = disc(state.range(0));
  std::size_t triangles = 0;
  for (auto _ : state) {
    Surface made = voxel_surface(mask.view(), voxel);
    smooth_surface(made);
    made = simplified(made, triangles_for(state.range(0), 800));
    triangles = made.triangles();
    benchmark::DoNotOptimize(coarse(made, 60));
  }
  state.counters["triangles"] = narrow<double>(triangles);
}
BENCHMARK(surface)->Arg(2'000)->Arg(10'000)->Arg(54'000)->Unit(benchmark::kMillisecond);

/// 150,000 pixels of seven views, the most that an object has, of grey noise: what packs worst.
void picture(benchmark::State& state) {
  constexpr std::int64_t rows = 200, columns = 750;
  Random random(1);
  std::vector<float> values(to_size(rows * columns));
  for (float& value : values) value = static_cast<float>(127 + 40 * random.normal());
  std::size_t bytes = 0;
  for (auto _ : state) {
    Resampler resampler(rows, columns, rows, columns);
    for (std::int64_t row = 0; row < rows; ++row)
      resampler.add_row(std::span(values).subspan(to_size(row * columns), to_size(columns)));
    std::vector<std::uint8_t> grey;
    for (const float value : resampler.picture())
      grey.push_back(static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F)));
    bytes = jpeg_bytes(grey, columns, rows, Colours::grey, 85).size();
  }
  state.counters["bytes"] = narrow<double>(bytes);
}
BENCHMARK(picture)->Unit(benchmark::kMillisecond);

void outline(benchmark::State& state) {
  const auto mask = disc(54'000);
  const Extent& e = mask.extent();
  for (auto _ : state) {
    const auto section = mask.voxels().subspan(to_size(e.z / 3 * e.y * e.x), to_size(e.y * e.x));
    benchmark::DoNotOptimize(outline_path(section, e.y, e.x, {}, {}));
  }
}
BENCHMARK(outline)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cleft

BENCHMARK_MAIN();
