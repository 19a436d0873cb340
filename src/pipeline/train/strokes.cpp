#include "pipeline/train/strokes.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <unordered_map>

#include "base/narrow.hpp"
#include "objects/judge/whole_objects.hpp"

namespace cleft {

std::vector<std::uint32_t> strokes_of(std::span<const LabelledVoxel> labels) {
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return labels[i].voxel; });
  std::vector<ObjectRun> runs;
  std::vector<std::size_t> run_of(labels.size());
  for (const std::size_t i : order) {
    const auto& [voxel, label] = labels[i];
    const bool goes_on = !runs.empty() && runs.back().z == voxel.z && runs.back().y == voxel.y &&
                         runs.back().end == voxel.x && runs.back().object == label;
    if (goes_on)
      ++runs.back().end;
    else
      runs.push_back({voxel.z, voxel.y, voxel.x, voxel.x + 1, label});
    run_of[i] = runs.size() - 1;
  }
  const auto components = components_of_one_value(runs);
  std::unordered_map<std::uint64_t, std::uint32_t> numbers;
  std::vector<std::uint32_t> strokes(labels.size());
  for (const std::size_t i : order)
    strokes[i] = numbers.emplace(components[run_of[i]], narrow<std::uint32_t>(numbers.size())).first->second;
  return strokes;
}

}  // namespace cleft
