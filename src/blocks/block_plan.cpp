#include "blocks/block_plan.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "blocks/tuning.hpp"

namespace cleft {
namespace {

constexpr std::int64_t step = tuning::block_step;
constexpr std::int64_t mebibyte = 1 << 20;

/// An axis of the volume cut into intervals of one length, of which the last may be shorter.
struct AxisCut {
  std::int64_t length = 0, count = 0;
  std::int64_t padded_sum = 0;  // of the intervals' lengths with their halos
};

AxisCut cut_axis(std::int64_t axis_length, std::int64_t length, std::int64_t halo) {
  AxisCut cut{length, 0, 0};
  for (std::int64_t begin = 0; begin < axis_length; begin += length, ++cut.count)
    cut.padded_sum += std::min(begin + length + halo, axis_length) - std::max<std::int64_t>(begin - halo, 0);
  return cut;
}

/// Cuts worth trying: the shortest lengths that cut the axis into 1, 2, 3 ... intervals, so that the last
/// interval is not much shorter than the others. Of lengths that hardly differ, only one is tried.
std::vector<AxisCut> candidate_cuts(std::int64_t axis_length, std::int64_t halo) {
  std::vector<AxisCut> cuts{cut_axis(axis_length, axis_length, halo)};
  while (cuts.back().length > step) {
    const std::int64_t last = cuts.back().length, shorter = std::min(last - 1, last * 8 / 9 + 1);
    const std::int64_t count = (axis_length + shorter - 1) / shorter;
    const std::int64_t even = (axis_length + count - 1) / count;
    const std::int64_t length = (even + step - 1) / step * step;
    cuts.push_back(cut_axis(axis_length, length < last ? length : (last - 1) / step * step, halo));
  }
  return cuts;
}

/// The extent of the padded box of a block inside the volume.
Extent padded_extent(const Extent& owned, const Extent& halo, const Extent& volume) {
  Extent padded;
  for (int axis = 0; axis < 3; ++axis) padded[axis] = std::min(owned[axis] + 2 * halo[axis], volume[axis]);
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

/// Blocks of one shape, and how long the ranks take for the volume in such blocks. The unit of time is what
/// one owned voxel takes.
struct Candidate {
  Extent owned;
  double share = 0;     // one rank's time if blocks are dealt out evenly; at least that of the largest block
  double time = 0;      // share, and what ranks wait for each other at the end
  double overhead = 0;  // (voxels read) / (voxels owned), of all blocks together
};

Candidate candidate_of(const PerAxis<AxisCut>& cuts, const Task& task) {
  const auto work = [&task](std::int64_t owned_voxels, std::int64_t padded_voxels) {
    return static_cast<double>(owned_voxels) +
           task.cost.halo_work * static_cast<double>(padded_voxels - owned_voxels);
  };
  Candidate candidate{.owned = {cuts.z.length, cuts.y.length, cuts.x.length}};
  const auto blocks = static_cast<double>(cuts.z.count * cuts.y.count * cuts.x.count);
  const std::int64_t voxels = voxel_count(task.volume),
                     padded_voxels = cuts.z.padded_sum * cuts.y.padded_sum * cuts.x.padded_sum;
  const double mean = work(voxels, padded_voxels) / blocks + tuning::work_per_block;
  const double largest = work(voxel_count(candidate.owned),
                              voxel_count(padded_extent(candidate.owned, task.halo, task.volume))) +
                         tuning::work_per_block;
  candidate.share = std::max(std::ceil(blocks / task.ranks) * mean, largest);
  candidate.time = candidate.share + tuning::unevenness * largest;
  candidate.overhead = static_cast<double>(padded_voxels) / static_cast<double>(voxels);
  return candidate;
}

bool fits(const Extent& owned, const Task& task) {
  const Extent padded = padded_extent(owned, task.halo, task.volume);
  return voxel_count(padded) <= max_block_voxels && task.cost.bytes(owned, padded) <= task.budget;
}

/// Of the candidates that fit the memory and are accepted, and that take hardly longer than `time`, the one
/// with the longest rows, then the longest columns.
/// \pre One takes no longer.
template <class Accept>
std::optional<Candidate> with_long_rows(const PerAxis<std::vector<AxisCut>>& cuts, const Task& task,
                                        const Accept& accept, double time) {
  for (const AxisCut& x : cuts.x)  // the longest first
    for (const AxisCut& y : cuts.y)
      for (const AxisCut& z : cuts.z) {
        const Candidate candidate = candidate_of({z, y, x}, task);
        if (candidate.time <= tuning::equal_times * time && accept(candidate) && fits(candidate.owned, task))
          return candidate;
      }
  return std::nullopt;
}

/// Of the candidates that fit the memory and are accepted, the one that takes the least time; nothing when
/// there is none. A cut across x ends the runs of all rows that it meets, so that there is far more to join
/// over blocks than where z is cut. Where there is a halo along x it pays for that; where there is none,
/// longer rows are preferred to a little time.
template <class Accept>
std::optional<Candidate> quickest(const PerAxis<std::vector<AxisCut>>& cuts, const Task& task,
                                  const Accept& accept) {
  std::optional<Candidate> best;
  for (const AxisCut& z : cuts.z) {
    for (const AxisCut& y : cuts.y) {
      for (const AxisCut& x : cuts.x) {
        const Candidate candidate = candidate_of({z, y, x}, task);
        if ((best && candidate.time >= best->time) || !accept(candidate) || !fits(candidate.owned, task))
          continue;
        best = candidate;
      }
    }
  }
  return best && task.halo.x == 0 ? with_long_rows(cuts, task, accept, best->time) : best;
}

/// The largest divisor of `length` that does not exceed `max`.
std::int64_t largest_divisor(std::int64_t length, std::int64_t max) {
  std::int64_t divisor = std::min(length, max);
  while (length % divisor != 0) --divisor;
  return divisor;
}

/// The length of the longest interval when an axis is cut into as few intervals as possible, none longer than
/// `max` and all as equal as can be.
std::int64_t equal_length(std::int64_t length, std::int64_t max) {
  const std::int64_t count = (length + max - 1) / max;
  return (length + count - 1) / count;
}

}  // namespace

std::int64_t BlockMemory::without(double kept) const {
  return static_cast<std::int64_t>(static_cast<double>(left) * (1 - kept));
}

Extent plan_block(const Extent& volume, const Extent& halo, const BlockCost& cost, const BlockMemory& memory,
                  int ranks) {
  const std::int64_t budget = memory.without(cost.kept);
  const Task task{volume, halo, cost, budget, ranks};
  const PerAxis<std::vector<AxisCut>> cuts{candidate_cuts(volume.z, halo.z), candidate_cuts(volume.y, halo.y),
                                           candidate_cuts(volume.x, halo.x)};
  const auto best = quickest(cuts, task, [](const Candidate&) { return true; });
  if (best && best->overhead > cost.max_overhead) {
    const auto with_less_halo = quickest(cuts, task, [&](const Candidate& c) {
      return c.overhead <= cost.max_overhead && c.share <= tuning::max_share_growth * best->share;
    });
    if (with_less_halo) return with_less_halo->owned;
  }
  if (best) return best->owned;
  const Extent smallest{std::min(step, volume.z), std::min(step, volume.y), std::min(step, volume.x)};
  const auto needed = static_cast<std::int64_t>(
      static_cast<double>(cost.bytes(smallest, padded_extent(smallest, halo, volume))) / (1 - cost.kept));
  throw ConfigError({"run.memory_per_rank",
                     fmt::format("is {} MiB, of which {} MiB are left for a block",
                                 memory.per_rank / mebibyte, std::max<std::int64_t>(budget, 0) / mebibyte),
                     fmt::format("at least {} MiB (the halo is {})",
                                 (memory.per_rank - memory.left + needed) / mebibyte + 2, to_string(halo))});
}

void check_block(const std::string& subject, const Extent& block, const Extent& volume, const Extent& halo,
                 const BlockBytes& bytes, const BlockMemory& memory) {
  Extent owned;
  for (int axis = 0; axis < 3; ++axis) owned[axis] = std::min(block[axis], volume[axis]);
  const Extent padded = padded_extent(owned, halo, volume);
  if (voxel_count(padded) > max_block_voxels)
    throw ConfigError({subject, fmt::format("blocks of {} voxels with their halo", voxel_count(padded)),
                       fmt::format("at most {}", max_block_voxels)});
  const std::int64_t needed = bytes(owned, padded);
  if (needed > memory.left)
    throw ConfigError(
        {subject, fmt::format("blocks of {} take {} MiB", to_string(owned), needed / mebibyte + 1),
         fmt::format("at most the {} MiB that run.memory_per_rank ({} MiB) leaves",
                     std::max<std::int64_t>(memory.left, 0) / mebibyte, memory.per_rank / mebibyte)});
}

Extent chunk_within(const Extent& volume, const Extent& block, const Extent& target) {
  Extent chunk, divisor;
  for (int axis = 0; axis < 3; ++axis) {
    const bool covered = block[axis] == volume[axis];
    divisor[axis] =
        covered ? equal_length(block[axis], target[axis]) : largest_divisor(block[axis], target[axis]);
    const bool useful = 4 * divisor[axis] >= std::min(block[axis], target[axis]);
    chunk[axis] = useful ? divisor[axis] : block[axis];
  }
  for (int axis = 0; axis < 3 && voxel_count(chunk) > tuning::max_chunk_growth * voxel_count(target); ++axis)
    chunk[axis] = divisor[axis];
  return chunk;
}

}  // namespace cleft
