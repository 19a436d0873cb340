// How fast forests predict: from channels to probabilities, on one core, by the plain walk and by Predictor.
// Forests of 100 trees, trained on 5,000 and 50,000 voxels that are drawn evenly from three classes, in 3D
// (29 channels) and 2D (23 channels). The volume is a phantom, or what the folder CLEFT_REAL_DATA holds:
// raw.h5 (/raw) and truth_sections_0-9.h5 (/synapses, /membranes; sections 0-9 of it). Rates are per second
// of processor time.
#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/random.hpp"
#include "features/compute.hpp"
#include "forest/predict.hpp"
#include "forest/train.hpp"
#include "io/h5_volume.hpp"
#include "phantom/phantom.hpp"

namespace cleft {
namespace {

constexpr int class_count = 3;

struct Tissue {
  Array3<float> grey;
  Array3<std::uint8_t> classes;  ///< 0-based; its sections are the first of the volume
};

Tissue phantom_tissue() {
  PhantomOptions options;
  options.extent = {40, 320, 320};
  const PhantomBlock block = Phantom(options).make(whole_box(options.extent));
  Tissue tissue{Array3<float>(options.extent), Array3<std::uint8_t>(options.extent)};
  for (std::size_t v = 0; v < tissue.grey.voxels().size(); ++v) {
    tissue.grey.data()[v] = block.raw.data()[v];
    tissue.classes.data()[v] = static_cast<std::uint8_t>(block.classes.data()[v] - 1);
  }
  return tissue;
}

template <class T>
Array3<T> read_whole(const VolumePath& path) {
  const VolumeReader reader(path);
  Array3<T> values(reader.extent());
  reader.read(whole_box(reader.extent()), values.view());
  return values;
}

Tissue real_tissue(const std::string& folder) {
  const std::string truth = folder + "/truth_sections_0-9.h5";
  const auto synapses = read_whole<std::uint8_t>({truth, "/synapses"});
  const auto membranes = read_whole<std::uint8_t>({truth, "/membranes"});
  Tissue tissue{read_whole<float>({folder + "/raw.h5", "/raw"}), Array3<std::uint8_t>(synapses.extent())};
  for (std::size_t v = 0; v < tissue.classes.voxels().size(); ++v)
    tissue.classes.data()[v] = synapses.data()[v] != 0 ? 1 : membranes.data()[v] != 0 ? 0 : 2;
  return tissue;
}

const Tissue& tissue() {
  static const Tissue made = [] {
    const char* folder = std::getenv("CLEFT_REAL_DATA");
    return folder != nullptr ? real_tissue(folder) : phantom_tissue();
  }();
  return made;
}

FeatureSet features(int dimensions) {
  FeatureOptions options;
  options.dimensions = dimensions == 2 ? Dimensions::two : Dimensions::three;
  return {options, std::nullopt};
}

std::vector<Array3<float>> channels_of(const FeatureSet& set, const Box& core) {
  std::vector<Array3<float>> channels;
  std::vector<View3<float>> views;
  for (int c = 0; c < set.channel_count(); ++c) channels.emplace_back(core.extent());
  for (auto& channel : channels) views.push_back(channel.view());
  const LocalVoxel begin{core.begin.z, core.begin.y, core.begin.x};
  compute_features(set, tissue().grey.view(), begin, core.extent(), views);
  return channels;
}

/// Voxels of each class in turn, drawn at random.
Samples draw_samples(const FeatureSet& set, std::size_t count) {
  const auto& classes = tissue().classes;
  std::array<std::vector<std::size_t>, class_count> of_class;
  for (std::size_t v = 0; v < classes.voxels().size(); ++v) of_class.at(classes.data()[v]).push_back(v);
  Samples samples;
  samples.channel_count = set.channel_count();
  samples.class_count = class_count;
  std::vector<std::size_t> drawn;
  Random random(1);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& from = of_class.at(i % class_count);
    drawn.push_back(from[random.below(static_cast<std::uint32_t>(from.size()))]);
    samples.labels.push_back(static_cast<std::uint8_t>(i % class_count));
  }
  const auto channels = channels_of(set, whole_box(classes.extent()));
  for (const auto& channel : channels)
    for (const std::size_t v : drawn) samples.values.push_back(channel.data()[v]);
  return samples;
}

/// A forest and channels for it: a tile from the middle of the volume's last sections.
struct Case {
  Case(int dimensions, std::size_t labels) {
    const FeatureSet set = features(dimensions);
    forest = train_trees(draw_samples(set, labels), {}, 0, TrainOptions{}.trees, 2).forest;
    const Extent whole = tissue().grey.extent(), tile{dimensions == 2 ? 1 : 8, 192, 192};
    const GlobalVoxel begin{whole.z - tile.z, (whole.y - tile.y) / 2, (whole.x - tile.x) / 2};
    channels = channels_of(set, {begin, begin + tile});
    for (int c = 0; c < class_count; ++c) probabilities.emplace_back(tile);
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
    predict_reference(c.forest, in, count, out_data);
    benchmark::DoNotOptimize(out.front().data());
  }
  report(state, count);
}

void predictor(benchmark::State& state) {
  const Case& c = case_of(state);
  const Predictor made(c.forest);
  for (auto _ : state) {
    made.predict(c.in, c.out, c.alike);
    benchmark::DoNotOptimize(c.out.front().data());
  }
  report(state, voxel_count(c.out.front().extent()));
}

void make_predictor(benchmark::State& state) {
  const Case& c = case_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(Predictor(c.forest));
}

void train(benchmark::State& state) {
  const Samples samples =
      draw_samples(features(static_cast<int>(state.range(0))), static_cast<std::size_t>(state.range(1)));
  for (auto _ : state) benchmark::DoNotOptimize(train_trees(samples, {}, 0, TrainOptions{}.trees, 2));
}

const std::vector<std::vector<std::int64_t>> every_case{{3, 2}, {5000, 50000}};
const std::vector<std::string> argument_names{"dimensions", "labels"};

BENCHMARK(plain_walk)->ArgsProduct(every_case)->ArgNames(argument_names)->Unit(benchmark::kMillisecond);
BENCHMARK(predictor)->ArgsProduct(every_case)->ArgNames(argument_names)->Unit(benchmark::kMillisecond);
BENCHMARK(make_predictor)->ArgsProduct(every_case)->ArgNames(argument_names)->Unit(benchmark::kMillisecond);
BENCHMARK(train)
    ->ArgsProduct(every_case)
    ->ArgNames(argument_names)
    ->Unit(benchmark::kSecond)
    ->Iterations(1)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace
}  // namespace cleft

BENCHMARK_MAIN();
