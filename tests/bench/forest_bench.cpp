// How fast forests vote: from channels to probabilities, on one core, by the plain walk and by ForestVoter.
// Forests of 100 trees, trained on 5,000 and 50,000 voxels that are drawn evenly from three classes, in 3D
// (29 channels) and 2D (23 channels); tissue.hpp says of which volume. Rates are per second of processor
// time.

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>
#include <hwy/highway.h>

#include "forest/predict/forest_voter.hpp"
#include "forest/train/train.hpp"
#include "tissue.hpp"

namespace cleft {
namespace {

/// A forest and channels for it: a tile from the middle of the volume's last sections.
struct Case {
  Case(int dimensions, std::size_t labels) {
    const FeatureSet set = features(dimensions);
    forest = forest_of(set, labels);
    const Box box = tile(dimensions);
    channels = channels_of(set, box);
    for (int c = 0; c < class_count; ++c) probabilities.emplace_back(box.extent());
    for (const auto& channel : channels) in.push_back(channel.view());
    for (auto& probability : probabilities) out.push_back(probability.view());
    alike = dimensions == 2 ? Alike::section : Alike::volume;
  }

  Forest forest;
  std::vector<Array3<float>> channels, probabilities;
  std::vector<View3<const float>> in;
  std::vector<View3<float>> out;
  Alike alike = Alike::volume;
};

/// Made when it is first asked for.
Case& case_of(const benchmark::State& state) {
  static std::map<std::pair<std::int64_t, std::int64_t>, std::unique_ptr<Case>> cases;
  auto& made = cases[{state.range(0), state.range(1)}];
  if (!made)
    made = std::make_unique<Case>(static_cast<int>(state.range(0)), static_cast<std::size_t>(state.range(1)));
  return *made;
}

void report(benchmark::State& state, std::int64_t voxels) {
  state.counters["Mvox/s"] =
      benchmark::Counter(1e-6 * static_cast<double>(voxels), benchmark::Counter::kIsIterationInvariantRate);
}

/// A few thousand voxels in a row: the walk is slow.
void plain_walk(benchmark::State& state) {
  const Case& c = case_of(state);
  constexpr std::size_t count = 4096;
  std::vector<const float*> in;
  std::vector<std::vector<float>> out(class_count, std::vector<float>(count));
  std::vector<float*> out_data;
  for (const auto& view : c.in) in.push_back(view.data());
  for (auto& plane : out) out_data.push_back(plane.data());
  for (auto _ : state) {
    vote_reference(c.forest, in, count, out_data);
    benchmark::DoNotOptimize(out.front().data());
  }
  report(state, count);
}

/// How many nodes a voxel passes on its way down a tree, leaf not counted, on average over a tile's voxels.
double mean_depth(const Case& c) {
  std::int64_t passed = 0, voxels = 0;
  const Extent extent = c.in.front().extent();
  for (std::int64_t v = 0; v < voxel_count(extent); v += 61, ++voxels)
    for (const std::int32_t root : c.forest.roots)
      for (std::int32_t node = root; node >= 0; ++passed) {
        const auto n = static_cast<std::size_t>(node);
        const float value = c.channels[static_cast<std::size_t>(c.forest.channel[n])].data()[v];
        node = double{value} < c.forest.threshold[n] ? c.forest.left[n] : c.forest.right[n];
      }
  return static_cast<double>(passed) / static_cast<double>(voxels) / c.forest.tree_count();
}

/// The name of this and of make_predictor stays: tools/bench compares results of versions by it.
void predictor(benchmark::State& state) {
  const Case& c = case_of(state);
  const ForestVoter made(c.forest);
  state.counters["depth"] = mean_depth(c);
  for (auto _ : state) {
    made.vote(c.in, c.out, c.alike);
    benchmark::DoNotOptimize(c.out.front().data());
  }
  report(state, voxel_count(c.out.front().extent()));
}

/// The same with the kernels of one SIMD target, on any processor that has it: what a cluster of other
/// processors may expect. `predictor` has those that are chosen here.
void predictor_on(benchmark::State& state, std::int64_t target) {
  hwy::SetSupportedTargetsForTest(target);
  predictor(state);
  hwy::SetSupportedTargetsForTest(0);
}

void make_predictor(benchmark::State& state) {
  const Case& c = case_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(ForestVoter(c.forest));
}

void train(benchmark::State& state) {
  const Samples samples =
      draw_samples(features(static_cast<int>(state.range(0))), static_cast<std::size_t>(state.range(1)));
  const auto threads = static_cast<int>(state.range(2));
  for (auto _ : state) benchmark::DoNotOptimize(train_trees(samples, {}, 0, TrainOptions{}.trees, threads));
}

const std::vector<std::vector<std::int64_t>> every_case{{3, 2}, {5000, 50000}};
const std::vector<std::string> argument_names{"dimensions", "labels"};

BENCHMARK(plain_walk)->ArgsProduct(every_case)->ArgNames(argument_names)->Unit(benchmark::kMillisecond);
BENCHMARK(predictor)->ArgsProduct(every_case)->ArgNames(argument_names)->Unit(benchmark::kMillisecond);
BENCHMARK(make_predictor)->ArgsProduct(every_case)->ArgNames(argument_names)->Unit(benchmark::kMillisecond);
BENCHMARK(train)
    ->ArgsProduct({{3, 2}, {5000, 50000}, {1, 2}})
    ->ArgNames({"dimensions", "labels", "threads"})
    ->Unit(benchmark::kSecond)
    ->Iterations(1)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void register_targets() {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets())
    benchmark::RegisterBenchmark((std::string("predictor_on_") + hwy::TargetName(target)).c_str(),
                                 predictor_on, target)
        ->ArgsProduct(every_case)
        ->ArgNames(argument_names)
        ->Unit(benchmark::kMillisecond);
}

}  // namespace
}  // namespace cleft

int main(int argc, char** argv) {
  cleft::register_targets();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
