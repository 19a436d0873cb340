#include "blocks/block_plan.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"

namespace cleft {
namespace {

// Chunks divide blocks, so blocks come in multiples of this; it is also the smallest block worth its halo.
constexpr std::int64_t step = 16;

constexpr std::int64_t mebibyte = 1 << 20;

/// Lengths worth trying on an axis: multiples of `step` below the axis's length, growing by about an eighth,
/// and the whole axis.
std::vector<std::int64_t> candidate_lengths(std::int64_t axis_length) {
  std::vector<std::int64_t> lengths;
  for (std::int64_t n = step; n < axis_length; n += std::max(step, n / 8 / step * step)) lengths.push_back(n);
  lengths.push_back(axis_length);
  return lengths;
}

Extent padded_extent(const Extent& core, const Extent& halo, const Extent& volume) {
  Extent padded;
  for (int axis = 0; axis < 3; ++axis) padded[axis] = std::min(core[axis] + 2 * halo[axis], volume[axis]);
  return padded;
}

std::int64_t block_count(const Extent& volume, const Extent& block) {
  std::int64_t count = 1;
  for (int axis = 0; axis < 3; ++axis) count *= (volume[axis] + block[axis] - 1) / block[axis];
  return count;
}

/// Voxels computed per voxel owned.
double overhead(const Extent& core, const Extent& padded) {
  return static_cast<double>(voxel_count(padded)) / static_cast<double>(voxel_count(core));
}

/// The largest divisor of `length` that does not exceed `most`.
std::int64_t largest_divisor(std::int64_t length, std::int64_t most) {
  std::int64_t divisor = std::min(length, most);
  while (length % divisor != 0) --divisor;
  return divisor;
}

/// The longest of the fewest equal pieces, none longer than `most`, that an axis can be cut into.
std::int64_t equal_piece(std::int64_t length, std::int64_t most) {
  const std::int64_t pieces = (length + most - 1) / most;
  return (length + pieces - 1) / pieces;
}

}  // namespace

Extent plan_block(const Extent& volume, const Extent& halo, const BlockBytes& bytes, std::int64_t budget,
                  std::int64_t parts) {
  struct Choice {
    Extent core;
    double overhead;
    bool shared;  // makes enough blocks for every rank
  };
  // A block that is shared well may cost this much more halo than one that leaves ranks idle.
  constexpr double sharing_is_worth = 2.0;
  std::optional<Choice> best;
  const auto better = [](const Choice& a, const Choice& b) {
    const double cost_a = a.overhead * (a.shared ? 1 : sharing_is_worth),
                 cost_b = b.overhead * (b.shared ? 1 : sharing_is_worth);
    // Of equals the larger: fewer reads and messages.
    return cost_a != cost_b ? cost_a < cost_b : voxel_count(a.core) > voxel_count(b.core);
  };
  for (const auto z : candidate_lengths(volume.z)) {
    for (const auto y : candidate_lengths(volume.y)) {
      for (const auto x : candidate_lengths(volume.x)) {
        const Extent core{z, y, x}, padded = padded_extent(core, halo, volume);
        if (voxel_count(padded) > most_block_voxels || bytes(core, padded) > budget) continue;
        const Choice choice{core, overhead(core, padded), block_count(volume, core) >= parts};
        if (!best || better(choice, *best)) best = choice;
      }
    }
  }
  if (best) return best->core;
  const Extent smallest{std::min(step, volume.z), std::min(step, volume.y), std::min(step, volume.x)};
  const auto needed = bytes(smallest, padded_extent(smallest, halo, volume));
  throw ConfigError(
      {"run.memory_per_rank",
       std::to_string(std::max<std::int64_t>(budget, 0) / mebibyte) + " MiB left for a block",
       "at least " + std::to_string(needed / mebibyte + 1) + " MiB (the halo is " + to_string(halo) + ")"});
}

void check_block(const std::string& subject, const Extent& block, const Extent& volume, const Extent& halo,
                 const BlockBytes& bytes, std::int64_t limit) {
  Extent core;
  for (int axis = 0; axis < 3; ++axis) core[axis] = std::min(block[axis], volume[axis]);
  const Extent padded = padded_extent(core, halo, volume);
  if (voxel_count(padded) > most_block_voxels)
    throw ConfigError({subject, fmt::format("blocks of {} voxels with their halo", voxel_count(padded)),
                       fmt::format("at most {}", most_block_voxels)});
  const std::int64_t needed = bytes(core, padded);
  if (needed > limit)
    throw ConfigError({subject,
                       fmt::format("blocks of {} take {} MiB", to_string(core), needed / mebibyte + 1),
                       fmt::format("at most the {} MiB that run.memory_per_rank leaves",
                                   std::max<std::int64_t>(limit, 0) / mebibyte)});
}

Extent chunk_within(const Extent& volume, const Extent& block, const Extent& target) {
  // So many times the target's voxels are still quick to read and far from HDF5's 4 GiB.
  constexpr std::int64_t most_targets = 16;
  Extent chunk, divisor;
  for (int axis = 0; axis < 3; ++axis) {
    const bool covered = block[axis] == volume[axis];
    divisor[axis] =
        covered ? equal_piece(block[axis], target[axis]) : largest_divisor(block[axis], target[axis]);
    const bool useful = 4 * divisor[axis] >= std::min(block[axis], target[axis]);
    chunk[axis] = useful ? divisor[axis] : block[axis];
  }
  for (int axis = 0; axis < 3 && voxel_count(chunk) > most_targets * voxel_count(target); ++axis)
    chunk[axis] = divisor[axis];
  return chunk;
}

}  // namespace cleft
