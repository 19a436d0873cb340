#include "objects/decisive_ratio.hpp"

#include <algorithm>
#include <cassert>
#include <functional>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// Adds voxels of a step that is not above those before it, as far as they are needed.
void add_lower(HighestSteps& steps, RatioStep step, std::int64_t voxels, std::int64_t& missing) {
  voxels = std::min(voxels, missing);
  if (voxels == 0) return;
  if (!steps.empty() && steps.back().step == step)
    steps.back().voxels += voxels;
  else
    steps.push_back({step, voxels});
  missing -= voxels;
}

}  // namespace

HighestSteps highest_steps(std::span<RatioStep> steps, std::int64_t needed) {
  assert(needed >= 1);
  const auto top = steps.begin() + std::min<std::int64_t>(needed, std::ssize(steps));
  if (top != steps.end()) std::nth_element(steps.begin(), top, steps.end(), std::greater<>());
  std::sort(steps.begin(), top, std::greater<>());
  HighestSteps found;
  for (auto step = steps.begin(); step != top; ++step) add_lower(found, *step, 1, needed);
  return found;
}

HighestSteps combine(const HighestSteps& a, const HighestSteps& b, std::int64_t needed) {
  HighestSteps both(a.size() + b.size()), found;
  std::merge(a.begin(), a.end(), b.begin(), b.end(), both.begin(),
             [](const StepCount& x, const StepCount& y) { return x.step > y.step; });
  for (const StepCount& count : both) add_lower(found, count.step, count.voxels, needed);
  return found;
}

RatioStep decisive_step(const HighestSteps& steps, std::int64_t needed) {
  std::int64_t voxels = 0;
  for (const StepCount& count : steps) voxels += count.voxels;
  return voxels < needed ? RatioStep{0} : steps.back().step;
}

std::vector<HighestSteps> highest_steps_of_components(const LabelledBlock& block,
                                                      std::span<const RatioStep> steps, std::int64_t needed) {
  // The steps in the order of their components.
  std::vector<std::size_t> end(block.component_count + std::size_t{1}, 0);
  for (const VoxelRun& run : block.runs.all()) end[run.component + std::size_t{1}] += run.end - run.begin;
  for (std::size_t c = 1; c < end.size(); ++c) end[c] += end[c - 1];
  std::vector<std::size_t> next(end.begin(), end.end() - 1);
  std::vector<RatioStep> sorted(steps.size());
  auto from = steps.begin();
  for (const VoxelRun& run : block.runs.all()) {
    const auto length = std::ptrdiff_t{run.end} - run.begin;
    std::copy_n(from, length, sorted.begin() + narrow<std::ptrdiff_t>(next[run.component]));
    next[run.component] += to_size(length);
    from += length;
  }
  assert(from == steps.end());
  std::vector<HighestSteps> found;
  found.reserve(block.component_count);
  for (std::size_t c = 0; c + 1 < end.size(); ++c)
    found.push_back(highest_steps(std::span(sorted).subspan(end[c], end[c + 1] - end[c]), needed));
  return found;
}

}  // namespace cleft
