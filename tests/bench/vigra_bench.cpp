// How fast VIGRA does the same on one thread: features, random forest, components, and all of it in a row.
// Names and counters are those of cleft's own benchmarks. VIGRA is spared some of what cleft does: it filters
// volumes without a halo, and its way from grey values to components stays in memory, without a table.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/random.hpp"
#include "blobs.hpp"
#include "forest/train_options.hpp"
#include "tissue.hpp"
#include "with_vigra.hpp"

namespace cleft {
namespace {

with_vigra::Shape shape_of(const Extent& extent) {
  return {extent.z, extent.y, extent.x};
}

void report(benchmark::State& state, std::int64_t voxels) {
  state.counters["Mvox/s"] =
      benchmark::Counter(1e-6 * static_cast<double>(voxels), benchmark::Counter::kIsIterationInvariantRate);
}

void filter(benchmark::State& state, int (*compute)(const float*, const with_vigra::Shape&)) {
  Array3<float> volume({96, 128, 128});
  Random random(1);
  for (float& v : volume.voxels()) v = static_cast<float>(random.below(256));
  int channels = 0;
  for (auto _ : state) channels = compute(volume.data(), shape_of(volume.extent()));
  state.counters["channels"] = channels;
  report(state, voxel_count(volume.extent()));
}
BENCHMARK_CAPTURE(filter, 3d, with_vigra::compute_features_3d)
    ->Name("features/3d/default")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(filter, 2d, with_vigra::compute_features_2d)
    ->Name("features/2d/default")
    ->Unit(benchmark::kMillisecond);

with_vigra::Forest grow(const Samples& samples) {
  std::vector<std::span<const float>> channels;
  for (int c = 0; c < samples.channel_count; ++c) channels.push_back(samples.channel(c));
  return {by_row(channels).data(), samples.labels.data(), static_cast<std::ptrdiff_t>(samples.count()),
          samples.channel_count, TrainOptions{}.trees};
}

Samples samples_for(std::int64_t dimensions, std::int64_t labels) {
  return draw_samples(features(static_cast<int>(dimensions)), static_cast<std::size_t>(labels));
}

/// Made when it is first asked for.
const with_vigra::Forest& forest_for(std::int64_t dimensions, std::int64_t labels) {
  static std::map<std::pair<std::int64_t, std::int64_t>, with_vigra::Forest> forests;
  auto found = forests.find({dimensions, labels});
  if (found == forests.end())
    found = forests.emplace(std::pair{dimensions, labels}, grow(samples_for(dimensions, labels))).first;
  return found->second;
}

void predictor(benchmark::State& state) {
  const auto dimensions = static_cast<int>(state.range(0));
  const auto images = channels_of(features(dimensions), tile(dimensions));
  std::vector<std::span<const float>> channels;
  for (const auto& image : images) channels.push_back(image.voxels());
  const std::vector<float> values = by_row(channels);
  const auto voxels = static_cast<std::ptrdiff_t>(channels.front().size());
  std::vector<float> probabilities(class_count * channels.front().size());
  const with_vigra::Forest& forest = forest_for(dimensions, state.range(1));
  for (auto _ : state) {
    forest.predict(values.data(), voxels, probabilities.data());
    benchmark::DoNotOptimize(probabilities.data());
  }
  report(state, voxels);
}
BENCHMARK(predictor)
    ->ArgsProduct({{3, 2}, {5000, 50000}})
    ->ArgNames({"dimensions", "labels"})
    ->Unit(benchmark::kMillisecond);

void train(benchmark::State& state) {
  const Samples samples = samples_for(state.range(0), state.range(1));
  for (auto _ : state) {
    const with_vigra::Forest forest = grow(samples);
    benchmark::DoNotOptimize(&forest);
  }
}
BENCHMARK(train)
    ->Args({3, 50000, 1})
    ->ArgNames({"dimensions", "labels", "threads"})
    ->Unit(benchmark::kSecond)
    ->Iterations(1)
    ->UseRealTime();

void label(benchmark::State& state) {
  const auto mask = blobs(blobs_extent, blobs_share);
  std::vector<std::uint32_t> labels(mask.voxels().size());
  std::uint32_t components = 0;
  for (auto _ : state) {
    components = with_vigra::label_components(mask.data(), shape_of(blobs_extent), labels.data());
    benchmark::ClobberMemory();
  }
  state.counters["components"] = components;
  report(state, voxel_count(blobs_extent));
}
BENCHMARK(label)->Name("components/26/384^3/blobs_5%")->Unit(benchmark::kMillisecond);

void detect(benchmark::State& state) {
  const Extent whole = tissue().grey.extent();
  Array3<float> grey({20, 128, 128});
  const Extent first = whole - grey.extent();
  for (std::int64_t z = 0; z < grey.extent().z; ++z)
    for (std::int64_t y = 0; y < grey.extent().y; ++y)
      for (std::int64_t x = 0; x < grey.extent().x; ++x)
        grey(z, y, x) = tissue().grey(first.z + z, first.y / 2 + y, first.x / 2 + x);
  const with_vigra::Forest& forest = forest_for(3, state.range(0));
  for (auto _ : state)
    benchmark::DoNotOptimize(with_vigra::detect(grey.data(), shape_of(grey.extent()), forest));
  report(state, voxel_count(grey.extent()));
}
BENCHMARK(detect)->Arg(5000)->Arg(50000)->ArgName("labels")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cleft

BENCHMARK_MAIN();
