#include "objects/measure.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// \pre Not negative.
Wide wide(std::int64_t v) {
  return static_cast<Wide>(v);
}

/// 0 + 1 + ... + (n - 1)
Wide sum_below(std::int64_t n) {
  return wide(n) * wide(n - 1) / 2;
}

/// 0 + 1 + 4 + ... + (n - 1)^2, for n >= 1
Wide squares_below(std::int64_t n) {
  return wide(n - 1) * wide(n) * wide(2 * n - 1) / 6;
}

template <class Stored>
std::uint32_t in_steps(Stored stored) {
  if constexpr (std::is_same_v<Stored, std::uint8_t>) {
    return stored;
  } else {
    return static_cast<std::uint32_t>(std::lround(stored * narrow<float>(probability_steps<float>)));
  }
}

GlobalVoxel lower(const GlobalVoxel& a, const GlobalVoxel& b) {
  return {std::min(a.z, b.z), std::min(a.y, b.y), std::min(a.x, b.x)};
}

GlobalVoxel higher(const GlobalVoxel& a, const GlobalVoxel& b) {
  return {std::max(a.z, b.z), std::max(a.y, b.y), std::max(a.x, b.x)};
}

PerAxis<Wide> operator+(const PerAxis<Wide>& a, const PerAxis<Wide>& b) {
  return {a.z + b.z, a.y + b.y, a.x + b.x};
}

/// The sums, without those of probabilities, of the n voxels from `begin` along x, in closed form.
ComponentSums position_sums(const GlobalVoxel& begin, std::int64_t n, const Extent& volume) {
  const Wide z = wide(begin.z), y = wide(begin.y), x = wide(begin.x), count = wide(n);
  ComponentSums run;
  run.first_voxel = linear_index(begin, volume);
  run.size = n;
  run.positions = {count * z, count * y, count * x + sum_below(n)};
  run.squares = {count * z * z, count * y * y, count * x * x + 2 * x * sum_below(n) + squares_below(n)};
  run.zy = count * z * y;
  run.zx = z * run.positions.x;
  run.yx = y * run.positions.x;
  run.low = begin;
  run.high = {begin.z, begin.y, begin.x + n - 1};
  return run;
}

}  // namespace

template <class Stored>
void add_run(ComponentSums& sums, const GlobalVoxel& begin, std::span<const Stored> probabilities,
             const Extent& volume) {
  if (probabilities.empty()) return;
  ComponentSums run = position_sums(begin, narrow<std::int64_t>(probabilities.size()), volume);
  // 64 bits are enough: a run is shorter than 2^31, and a probability has fewer than 2^25 steps.
  std::uint64_t sum = 0;
  for (const Stored stored : probabilities) {
    const std::uint32_t steps = in_steps(stored);
    sum += steps;
    run.max_probability = std::max(run.max_probability, steps);
  }
  run.probability = sum;
  sums = combine(sums, run);
}

void add_core(CoreSums& sums, std::int64_t voxels) {
  sums = combine(sums, {1, voxels, voxels});
}

ComponentSums combine(const ComponentSums& a, const ComponentSums& b) {
  return {.first_voxel = std::min(a.first_voxel, b.first_voxel),
          .size = a.size + b.size,
          .positions = a.positions + b.positions,
          .squares = a.squares + b.squares,
          .zy = a.zy + b.zy,
          .zx = a.zx + b.zx,
          .yx = a.yx + b.yx,
          .low = lower(a.low, b.low),
          .high = higher(a.high, b.high),
          .probability = a.probability + b.probability,
          .max_probability = std::max(a.max_probability, b.max_probability),
          .at_mask_edge = std::max(a.at_mask_edge, b.at_mask_edge)};
}

CoreSums combine(const CoreSums& a, const CoreSums& b) {
  return {a.count + b.count, a.voxels + b.voxels, std::max(a.largest, b.largest)};
}

template void add_run(ComponentSums&, const GlobalVoxel&, std::span<const std::uint8_t>, const Extent&);
template void add_run(ComponentSums&, const GlobalVoxel&, std::span<const float>, const Extent&);

}  // namespace cleft
