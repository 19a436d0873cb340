#include "blocks/block_plan.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

// Chunks divide blocks, so blocks come in multiples of this; it is also the smallest block worth its halo.
constexpr std::int64_t step = 16;

constexpr std::int64_t mebibyte = 1 << 20;

/// An axis of the volume cut into pieces of one length, the last perhaps shorter.
struct AxisCut {
  std::int64_t length = 0, pieces = 0;
  std::int64_t padded_sum = 0;  // the pieces' lengths with their halos
};

AxisCut cut_axis(std::int64_t axis_length, std::int64_t length, std::int64_t halo) {
  AxisCut cut{length, 0, 0};
  for (std::int64_t begin = 0; begin < axis_length; begin += length, ++cut.pieces)
    cut.padded_sum += std::min(begin + length + halo, axis_length) - std::max<std::int64_t>(begin - halo, 0);
  return cut;
}

/// Cuts worth trying: the shortest lengths that make 1, 2, 3 ... pieces, so that no piece is a mere
/// remainder of a much longer one. Of lengths that differ by little only one.
std::vector<AxisCut> candidate_cuts(std::int64_t axis_length, std::int64_t halo) {
  std::vector<AxisCut> cuts{cut_axis(axis_length, axis_length, halo)};
  while (cuts.back().length > step) {
    const std::int64_t last = cuts.back().length, shorter = std::min(last - 1, last * 8 / 9 + 1);
    const std::int64_t pieces = (axis_length + shorter - 1) / shorter;
    const std::int64_t piece = (axis_length + pieces - 1) / pieces;
    const std::int64_t length = (piece + step - 1) / step * step;
    cuts.push_back(cut_axis(axis_length, length < last ? length : (last - 1) / step * step, halo));
  }
  return cuts;
}

Extent padded_extent(const Extent& core, const Extent& halo, const Extent& volume) {
  Extent padded;
  for (int axis = 0; axis < 3; ++axis) padded[axis] = std::min(core[axis] + 2 * halo[axis], volume[axis]);
  return padded;
}

/// What is to be planned.
struct Task {
  const Extent& volume;
  const Extent& halo;
  const BlockCost& cost;
  std::int64_t budget;  // bytes
  int ranks;
};

/// Blocks of one shape, and how long ranks take for the volume in them, in the time of one core voxel.
struct Candidate {
  Extent core;
  double share = 0;     // when blocks are dealt out evenly, and nobody is through before the largest is
  double time = 0;      // with what ranks wait for each other
  double overhead = 0;  // voxels with halo over voxels
};

Candidate candidate_of(const PerAxis<AxisCut>& cuts, const Task& task) {
  // Asking for a block, reading it, marking it done.
  constexpr double work_per_block = 1 << 14;
  // Blocks of one size differ in what they take (empty ones take nothing) and ranks in speed. That is found
  // out at the end, by ranks that wait while others are in the middle of a block.
  constexpr double unevenness = 0.25;
  const auto work = [&task](std::int64_t core_voxels, std::int64_t padded_voxels) {
    return narrow<double>(core_voxels) + task.cost.halo_work * narrow<double>(padded_voxels - core_voxels);
  };
  Candidate candidate{.core = {cuts.z.length, cuts.y.length, cuts.x.length}};
  const auto blocks = narrow<double>(cuts.z.pieces * cuts.y.pieces * cuts.x.pieces);
  const std::int64_t voxels = voxel_count(task.volume),
                     padded_voxels = cuts.z.padded_sum * cuts.y.padded_sum * cuts.x.padded_sum;
  const double mean = work(voxels, padded_voxels) / blocks + work_per_block;
  const double largest =
      work(voxel_count(candidate.core), voxel_count(padded_extent(candidate.core, task.halo, task.volume))) +
      work_per_block;
  candidate.share = std::max(std::ceil(blocks / task.ranks) * mean, largest);
  candidate.time = candidate.share + unevenness * largest;
  candidate.overhead = narrow<double>(padded_voxels) / narrow<double>(voxels);
  return candidate;
}

bool fits(const Extent& core, const Task& task) {
  const Extent padded = padded_extent(core, task.halo, task.volume);
  return voxel_count(padded) <= max_block_voxels && task.cost.bytes(core, padded) <= task.budget;
}

/// Of the candidates that fit the memory and are accepted, the one that takes the least time.
template <class Accept>
std::optional<Candidate> quickest(const PerAxis<std::vector<AxisCut>>& cuts, const Task& task,
                                  const Accept& accept) {
  std::optional<Candidate> best;
  for (const AxisCut& z : cuts.z) {
    for (const AxisCut& y : cuts.y) {
      for (const AxisCut& x : cuts.x) {
        const Candidate candidate = candidate_of({z, y, x}, task);
        if ((best && candidate.time >= best->time) || !accept(candidate) || !fits(candidate.core, task))
          continue;
        best = candidate;
      }
    }
  }
  return best;
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

std::int64_t BlockMemory::without(double kept) const {
  return static_cast<std::int64_t>(narrow<double>(left) * (1 - kept));
}

Extent plan_block(const Extent& volume, const Extent& halo, const BlockCost& cost, const BlockMemory& memory,
                  int ranks) {
  // So much longer than with the quickest blocks may a rank's share be for the sake of the halo: large blocks
  // are rarely of one size, since they come in multiples of `step`.
  constexpr double as_even = 1.1;
  const std::int64_t budget = memory.without(cost.kept);
  const Task task{volume, halo, cost, budget, ranks};
  const PerAxis<std::vector<AxisCut>> cuts{candidate_cuts(volume.z, halo.z), candidate_cuts(volume.y, halo.y),
                                           candidate_cuts(volume.x, halo.x)};
  const auto best = quickest(cuts, task, [](const Candidate&) { return true; });
  if (best && best->overhead > cost.max_overhead) {
    const auto with_less_halo = quickest(cuts, task, [&](const Candidate& c) {
      return c.overhead <= cost.max_overhead && c.share <= as_even * best->share;
    });
    if (with_less_halo) return with_less_halo->core;
  }
  if (best) return best->core;
  const Extent smallest{std::min(step, volume.z), std::min(step, volume.y), std::min(step, volume.x)};
  const auto needed = static_cast<std::int64_t>(
      narrow<double>(cost.bytes(smallest, padded_extent(smallest, halo, volume))) / (1 - cost.kept));
  throw ConfigError({"run.memory_per_rank",
                     fmt::format("is {} MiB, of which {} MiB are left for a block",
                                 memory.per_rank / mebibyte, std::max<std::int64_t>(budget, 0) / mebibyte),
                     fmt::format("at least {} MiB (the halo is {})",
                                 (memory.per_rank - memory.left + needed) / mebibyte + 2, to_string(halo))});
}

void check_block(const std::string& subject, const Extent& block, const Extent& volume, const Extent& halo,
                 const BlockBytes& bytes, const BlockMemory& memory) {
  Extent core;
  for (int axis = 0; axis < 3; ++axis) core[axis] = std::min(block[axis], volume[axis]);
  const Extent padded = padded_extent(core, halo, volume);
  if (voxel_count(padded) > max_block_voxels)
    throw ConfigError({subject, fmt::format("blocks of {} voxels with their halo", voxel_count(padded)),
                       fmt::format("at most {}", max_block_voxels)});
  const std::int64_t needed = bytes(core, padded);
  if (needed > memory.left)
    throw ConfigError(
        {subject, fmt::format("blocks of {} take {} MiB", to_string(core), needed / mebibyte + 1),
         fmt::format("at most the {} MiB that run.memory_per_rank ({} MiB) leaves",
                     std::max<std::int64_t>(memory.left, 0) / mebibyte, memory.per_rank / mebibyte)});
}

Extent chunk_within(const Extent& volume, const Extent& block, const Extent& target) {
  // So many times the target's voxels are still quick to read and far from HDF5's 4 GiB.
  constexpr std::int64_t max_targets = 16;
  Extent chunk, divisor;
  for (int axis = 0; axis < 3; ++axis) {
    const bool covered = block[axis] == volume[axis];
    divisor[axis] =
        covered ? equal_piece(block[axis], target[axis]) : largest_divisor(block[axis], target[axis]);
    const bool useful = 4 * divisor[axis] >= std::min(block[axis], target[axis]);
    chunk[axis] = useful ? divisor[axis] : block[axis];
  }
  for (int axis = 0; axis < 3 && voxel_count(chunk) > max_targets * voxel_count(target); ++axis)
    chunk[axis] = divisor[axis];
  return chunk;
}

}  // namespace cleft
