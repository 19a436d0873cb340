// How fast as many objects are matched as a whole brain region has: 100,000 against 100,000 by the distance
// of their centroids, scattered so that each has few neighbours, and so densely that all compete.

#include <cstdint>

#include <benchmark/benchmark.h>

#include "base/narrow.hpp"
#include "base/random.hpp"
#include "objects/judge/compare.hpp"

namespace cleft {
namespace {

constexpr std::uint64_t object_count = 100'000;
constexpr VoxelSize voxel{40, 4, 4};

/// Two sides of which nine objects in ten are the same but for where exactly their centroids lie.
struct Sides {
  std::vector<RunObject> detections, truths;
};

Sides scattered(double side_voxels) {
  Random random(3);
  const auto anywhere = [&] {
    PerAxis<double> at;
    for (int axis = 0; axis < 3; ++axis) at[axis] = random.uniform() * side_voxels * voxel.x / voxel[axis];
    return at;
  };
  Sides sides;
  for (std::uint64_t id = 1; id <= object_count; ++id) {
    sides.truths.push_back({id, 100, anywhere()});
    RunObject detection{id, 100, anywhere()};
    if (id % 10 != 0)
      for (int axis = 0; axis < 3; ++axis)
        detection.centroid[axis] = sides.truths.back().centroid[axis] + 20 / voxel[axis] * random.normal();
    sides.detections.push_back(detection);
  }
  return sides;
}

void match(benchmark::State& state) {
  const Sides sides = scattered(narrow<double>(state.range(0)));
  const MatchOptions options{.criterion = MatchOptions::Criterion::centroid_distance,
                             .distance_nm = narrow<double>(state.range(1))};
  std::size_t matches = 0;
  for (auto _ : state)
    matches = compare_objects(sides.detections, sides.truths, {}, options, 1, voxel).matches.size();
  state.counters["matches"] = narrow<double>(matches);
}
BENCHMARK(match)
    ->Name("judge/distance_nm/1e5_against_1e5")
    ->ArgNames({"side_voxels", "nm"})
    ->Args({10000, 200})
    ->Args({10000, 400})
    ->Args({5000, 400})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cleft

BENCHMARK_MAIN();
