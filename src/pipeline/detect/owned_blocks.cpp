#include "pipeline/detect/owned_blocks.hpp"

#include <algorithm>
#include <future>
#include <utility>

#include "base/array_memory.hpp"
#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "base/stopped.hpp"
#include "blocks/ownership.hpp"
#include "parallel/agree.hpp"
#include "pipeline/run/block_memory.hpp"
#include "probability/files/stored_probability.hpp"
#include "segmentation/best_candidates.hpp"
#include "segmentation/distributed/write_labels.hpp"
#include "segmentation/drop_settled.hpp"
#include "segmentation/mask_edge.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

/// What is read of a block, and what of that is known before it is thresholded.
template <class Stored>
struct ReadBlock {
  Array3<Stored> padded;                     // stored probabilities
  std::optional<Array3<std::uint8_t>> mask;  // of `around`
  Box around{};                              // the padded box, and as far as the mask's edge is looked for
};

/// The box that is read of the mask.
Box box_of_mask(const SegmentJob& job, const BlockGrid& grid, std::int64_t number) {
  const Extent reach = mask_edge_reach(job.threshold.sigma, grid.volume());
  Extent margin;
  for (int axis = 0; axis < 3; ++axis) margin[axis] = std::max(reach[axis], grid.halo()[axis]);
  return grown(grid.owned(number), margin, whole_box(grid.volume()));
}

/// Puts a block behind those that are kept already.
void append(ThresholdedBlock&& block, OwnedBlocks& owned) {
  owned.reference.push_back(std::move(block.reference));
  owned.core.push_back(std::move(block.core));
  owned.components.push_back(std::move(block.components));
  owned.cores.push_back(std::move(block.cores));
  owned.steps.push_back(std::move(block.steps));
}

/// Drops the candidates of earlier blocks that better ones have come for since.
/// \param first  Number of the first block that is kept.
void drop_candidates_beyond(const BestCandidates& best, const SegmentJob& job, const BlockGrid& grid,
                            std::int64_t first, OwnedBlocks& owned) {
  for (std::size_t b = 0; b < owned.reference.size(); ++b) {
    ThresholdedBlock block{.reference = std::move(owned.reference[b]),
                           .core = std::move(owned.core[b]),
                           .components = std::move(owned.components[b]),
                           .cores = std::move(owned.cores[b]),
                           .ratios = {},
                           .steps = std::move(owned.steps[b])};
    const Box box = grid.owned(first + narrow<std::int64_t>(b));
    owned.dropped.add(drop_settled(block, box, grid.volume(), job.rule, best.limit()).dropped);
    owned.reference[b] = std::move(block.reference);
    owned.core[b] = std::move(block.core);
    owned.components[b] = std::move(block.components);
    owned.cores[b] = std::move(block.cores);
    owned.steps[b] = std::move(block.steps);
  }
}

/// Thresholds a block and adds what is kept of it to `owned`.
template <class Stored>
void threshold_into(const SegmentJob& job, const BlockGrid& grid, std::int64_t number,
                    ReadBlock<Stored>& read, BestCandidates& best, OwnedBlocks& owned) {
  const Box padded = grid.padded(number), own = grid.owned(number);
  std::optional<View3<const std::uint8_t>> mask;
  if (read.mask) {
    mask = read.mask->view();
    clear_outside<Stored>(mask->part(read.around.local(padded.begin), padded.extent()), read.padded.view());
    owned.searched += count_inside(mask->part(read.around.local(own.begin), own.extent()));
  } else {
    owned.searched += voxel_count(own.extent());
  }
  const View3<const Stored> stored = read.padded.view();
  auto block = threshold_block(grid, number, stored, job.threshold, job.rule.needed(), job.threads);
  if (mask)
    mark_at_mask_edge(block.reference, *mask, read.around, own,
                      mask_edge_reach(job.threshold.sigma, grid.volume()), block.components);
  owned.components_found += block.reference.component_count;
  owned.cores_found += block.core.component_count;
  owned.ratios.add(block.ratios);
  const Settled settled = drop_settled(block, own, grid.volume(), job.rule, best.limit());
  owned.dropped.add(settled.dropped);
  best.add(settled.candidates);
  append(std::move(block), owned);
}

/// Thresholds blocks one after the other. While other threads compute, this one reads the next block: it
/// alone may call HDF5.
/// \throws Stopped between two blocks.
template <class Stored>
OwnedBlocks threshold_blocks(const SegmentJob& job, const BlockGrid& grid, const NumberRange& mine,
                             const SegmentInputs& inputs, Progress& progress, const std::stop_token& stop) {
  const auto read = [&](std::int64_t number) {
    ReadBlock<Stored> block;
    if (!mine.contains(number)) return block;
    const Box box = grid.padded(number);
    block.padded = Array3<Stored>::uninitialized(box.extent());
    inputs.probability.read(box, block.padded.view());
    if (!inputs.mask) return block;
    block.around = box_of_mask(job, grid, number);
    block.mask = Array3<std::uint8_t>::uninitialized(block.around.extent());
    inputs.mask->read(block.around, block.mask->view());
    return block;
  };
  OwnedBlocks owned;
  BestCandidates best(job.rule.candidates);
  ReadBlock<Stored> block = read(mine.begin);
  for (std::int64_t n = mine.begin; n < mine.end; ++n) {
    throw_if_stopped(stop);
    auto computing = std::async(std::launch::async, [&] {  // when destroyed, it waits
      threshold_into<Stored>(job, grid, n, block, best, owned);
      if (best.beyond_limit() <= job.rule.candidates.max_count) return;
      drop_candidates_beyond(best, job, grid, mine.begin, owned);
      best.forget_beyond_limit();
    });
    ReadBlock<Stored> next = read(n + 1);
    computing.get();
    owned.bytes_read += block.padded.size() * narrow<std::int64_t>(sizeof(Stored));
    block = std::move(next);
    progress.update(voxel_count(grid.volume()) / mine.size() * (n + 1 - mine.begin));
  }
  return owned;
}

}  // namespace

SegmentInputs::SegmentInputs(const SegmentJob& job)
    : probability(open_probability(job.probability, job.threshold.options.foreground)) {
  if (job.mask) mask.emplace(*job.mask);
}

BlockGrid plan_segment_grid(const SegmentJob& job, const StoredProbability& stored, const BlockMemory& memory,
                            int ranks) {
  const Extent halo = smoothing_halo(job.threshold.sigma);
  const auto stored_bytes = narrow<std::int64_t>(size_of(stored.type));
  const auto bytes = [&](const Extent& owned, const Extent& padded) {
    // One block is computed while the next is read.
    const std::int64_t stored_blocks = 2 * array_memory(voxel_count(padded) * stored_bytes);
    // Of the mask: two blocks' as well, and what is near to its edge.
    const std::int64_t mask = job.mask ? 2 * array_memory(2 * voxel_count(padded)) : 0;
    return std::max(stored_blocks + mask + threshold_bytes(owned, padded, job.threshold.sigma, job.threads),
                    label_bytes(owned));
  };
  if (!job.block_shape)
    return {stored.extent, plan_block(stored.extent, halo, {.bytes = bytes}, memory, ranks), halo};
  check_block("run.block_shape", *job.block_shape, stored.extent, halo, bytes, memory);
  return {stored.extent, *job.block_shape, halo};
}

OwnedBlocks threshold_owned_blocks(const Communicator& comm, const SegmentJob& job, const BlockGrid& grid,
                                   const SegmentInputs& inputs, const std::stop_token& stop) {
  OwnedBlocks owned;
  all_or_throw(comm, [&] {
    const NumberRange mine = owned_range(grid.count(), comm.rank(), comm.size());
    Progress progress("segment", voxel_count(grid.volume()), comm.is_root());
    owned = inputs.probability.type() == ElementType::uint8
                ? threshold_blocks<std::uint8_t>(job, grid, mine, inputs, progress, stop)
                : threshold_blocks<float>(job, grid, mine, inputs, progress, stop);
  });
  return owned;
}

}  // namespace cleft
