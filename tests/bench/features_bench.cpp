// How fast features are computed, on one thread: the default sets (29 channels in 3D, 23 in 2D), whole and
// scale by scale, and with the kernels of each SIMD target. Time is the thread's CPU time; Mvox/s counts
// voxels of the core, not of its halo.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <hwy/highway.h>

#include "base/array3.hpp"
#include "base/random.hpp"
#include "features/set/compute.hpp"

namespace cleft {
namespace {

constexpr Extent core{96, 128, 128};

Array3<float> noise(const Extent& extent) {
  auto volume = Array3<float>::uninitialized(extent);
  Random random(1);
  for (float& v : volume.voxels()) v = static_cast<float>(random.below(256));
  return volume;
}

void compute(benchmark::State& state, const FeatureOptions& options) {
  const FeatureSet set(options, std::nullopt);
  const Extent halo = set.halo();
  const Array3<float> padded = noise(core + 2 * halo);
  std::vector<Array3<float>> images;
  std::vector<View3<float>> channels;
  for (int c = 0; c < set.channel_count(); ++c) images.emplace_back(core);
  for (auto& image : images) channels.push_back(image.view());
  for (auto _ : state) {
    compute_features(set, padded.view(), {halo.z, halo.y, halo.x}, core, channels);
    benchmark::ClobberMemory();
  }
  const double megavoxels = static_cast<double>(voxel_count(core)) / 1e6;
  state.counters["Mvox/s"] = benchmark::Counter(megavoxels, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["channels"] = set.channel_count();
  state.counters["working_MB"] = static_cast<double>(working_bytes(set, core)) / 1e6;
}

/// What the default set computes at one scale.
FeatureOptions only_at(double sigma, FeatureOptions options) {
  for (auto* group : {&options.texture, &options.color, &options.edge})
    std::erase_if(*group, [&](double s) { return s != sigma; });
  return options;
}

void add(const std::string& name, const FeatureOptions& options) {
  benchmark::RegisterBenchmark(name.c_str(), [options](benchmark::State& state) {
    compute(state, options);
  })->Unit(benchmark::kMillisecond);
}

/// With the kernels of one SIMD target, on any processor that has it; features/... has those that are chosen
/// here.
void add_on(std::int64_t target, const std::string& name, const FeatureOptions& options) {
  benchmark::RegisterBenchmark(fmt::format("features_on_{}/{}", hwy::TargetName(target), name).c_str(),
                               [target, options](benchmark::State& state) {
                                 hwy::SetSupportedTargetsForTest(target);
                                 compute(state, options);
                                 hwy::SetSupportedTargetsForTest(0);
                               })
      ->Unit(benchmark::kMillisecond);
}

void add_all() {
  for (const Dimensions dimensions : {Dimensions::three, Dimensions::two}) {
    FeatureOptions options;
    options.dimensions = dimensions;
    const std::string_view name = dimensions == Dimensions::three ? "3d" : "2d";
    add(fmt::format("features/{}/default", name), options);
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets())
      add_on(target, fmt::format("{}/default", name), options);
    for (const double sigma : options.color)
      add(fmt::format("features/{}/sigma={}", name, sigma), only_at(sigma, options));
    options.dialect = FilterDialect::ilastik_1_2;
    add(fmt::format("features/{}/ilastik-1.2", name), options);
  }
}

}  // namespace
}  // namespace cleft

int main(int argc, char** argv) {
  cleft::add_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
