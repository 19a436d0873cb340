#include "pipeline/detect/segment.hpp"

#include <algorithm>
#include <future>
#include <span>
#include <utility>

#include "base/files/publish.hpp"
#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "base/stopped.hpp"
#include "base/timer.hpp"
#include "blocks/block_plan.hpp"
#include "blocks/ownership.hpp"
#include "components/distributed/label_across_blocks.hpp"
#include "objects/distributed/combine.hpp"
#include "objects/files/object_table.hpp"
#include "objects/files/synapse_file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/run/block_memory.hpp"
#include "probability/files/stored_probability.hpp"
#include "segmentation/distributed/write_labels.hpp"
#include "segmentation/drop_settled.hpp"
#include "segmentation/mask_edge.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

/// What is kept of this rank's blocks once they are thresholded, one element per block in their order,
/// without what drop_settled drops.
struct OwnedBlocks {
  std::vector<LabelledBlock> reference, core;
  std::vector<std::vector<ComponentSums>> components;
  std::vector<std::vector<LocalCore>> cores;
  std::int64_t components_found = 0, cores_found = 0;  // before drop_settled
  DroppedCounts dropped;                               // by drop_settled
  RatioCounts ratios;
  std::int64_t searched = 0, bytes_read = 0;
};

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

/// The probabilities and the mask, opened by every rank for itself.
struct SegmentInputs {
  explicit SegmentInputs(const SegmentJob& job)
      : probability(open_probability(job.probability, job.threshold.options.foreground)) {
    if (job.mask) mask.emplace(*job.mask);
  }

  VolumeReader probability;
  std::optional<MaskReader> mask;
};

BlockGrid plan_grid(const SegmentJob& job, const StoredProbability& stored, const BlockMemory& memory,
                    int ranks) {
  const Extent halo = smoothing_halo(job.threshold.sigma);
  const auto stored_bytes = narrow<std::int64_t>(size_of(stored.type));
  const auto bytes = [&](const Extent& owned, const Extent& padded) {
    // One block is computed while the next is read.
    const std::int64_t stored_blocks = 2 * voxel_count(padded) * stored_bytes;
    // Of the mask: two blocks' as well, and what is near to its edge.
    const std::int64_t mask = job.mask ? 4 * voxel_count(padded) : 0;
    return std::max(stored_blocks + mask + threshold_bytes(owned, padded, job.threshold.sigma, job.threads),
                    label_bytes(owned));
  };
  if (!job.block_shape)
    return {stored.extent, plan_block(stored.extent, halo, {.bytes = bytes}, memory, ranks), halo};
  check_block("run.block_shape", *job.block_shape, stored.extent, halo, bytes, memory);
  return {stored.extent, *job.block_shape, halo};
}

/// Thresholds a block and adds what is kept of it to `owned`.
template <class Stored>
void threshold_into(const SegmentJob& job, const BlockGrid& grid, std::int64_t number,
                    ReadBlock<Stored>& read, OwnedBlocks& owned) {
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
  auto block = threshold_block(grid, number, stored, job.threshold, job.threads);
  if (mask)
    mark_at_mask_edge(block.reference, *mask, read.around, own,
                      mask_edge_reach(job.threshold.sigma, grid.volume()), block.components);
  owned.components_found += block.reference.component_count;
  owned.cores_found += block.core.component_count;
  owned.ratios.add(block.ratios);
  owned.dropped.add(drop_settled(block, own, grid.volume(), job.bounds));
  owned.reference.push_back(std::move(block.reference));
  owned.core.push_back(std::move(block.core));
  owned.components.push_back(std::move(block.components));
  owned.cores.push_back(std::move(block.cores));
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
  ReadBlock<Stored> block = read(mine.begin);
  for (std::int64_t n = mine.begin; n < mine.end; ++n) {
    throw_if_stopped(stop);
    auto computing = std::async(std::launch::async, [&] {  // when destroyed, it waits
      threshold_into<Stored>(job, grid, n, block, owned);
    });
    ReadBlock<Stored> next = read(n + 1);
    computing.get();
    owned.bytes_read += block.padded.size() * narrow<std::int64_t>(sizeof(Stored));
    block = std::move(next);
    progress.update(voxel_count(grid.volume()) / mine.size() * (n + 1 - mine.begin));
  }
  return owned;
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

std::vector<PartialComponent> partial_components(const OwnedBlocks& owned, const GlobalComponents& global) {
  std::vector<PartialComponent> partials;
  for (std::size_t b = 0; b < owned.components.size(); ++b)
    for (std::size_t c = 0; c < owned.components[b].size(); ++c)
      partials.push_back({global.of_block(b)[c], owned.components[b][c]});
  return partials;
}

std::vector<PartialCore> partial_cores(const OwnedBlocks& owned, const GlobalComponents& global,
                                       const GlobalComponents& global_cores) {
  std::vector<PartialCore> partials;
  for (std::size_t b = 0; b < owned.cores.size(); ++b)
    for (std::size_t c = 0; c < owned.cores[b].size(); ++c) {
      const LocalCore& core = owned.cores[b][c];
      partials.push_back({global_cores.of_block(b)[c], global.of_block(b)[core.component], core.voxels});
    }
  return partials;
}

/// For each of this rank's blocks the synapse number of every local component, 0 where it is none.
std::vector<std::vector<std::uint64_t>> numbers_of_components(const OwnedBlocks& owned,
                                                              const GlobalComponents& global,
                                                              const CombinedObjects& objects) {
  std::vector<std::vector<std::uint64_t>> numbers(owned.reference.size());
  for (std::size_t b = 0; b < numbers.size(); ++b)
    for (const ProvisionalId id : global.of_block(b)) {
      const auto found = objects.numbers.find(id);
      numbers[b].push_back(found == objects.numbers.end() ? 0 : found->second);
    }
  return numbers;
}

std::vector<Synapse> describe_synapses(const CombinedObjects& objects, const VolumeReader& probability,
                                       const SegmentJob& job) {
  const auto steps =
      probability.type() == ElementType::uint8 ? probability_steps<std::uint8_t> : probability_steps<float>;
  std::vector<Synapse> rows;
  for (const SynapseSums& sums : objects.synapses)
    rows.push_back(describe_synapse(rows.size() + 1, sums.component, sums.cores, steps, probability.extent(),
                                    job.voxel_size, job.offset.value_or(PerAxis<double>{})));
  return rows;
}

/// A merge's statistics with the traffic of all ranks together. Collective.
MergeStatistics over_all_ranks(const Communicator& comm, MergeStatistics statistics) {
  UnionFindTraffic& traffic = statistics.traffic;
  traffic.bytes_sent = comm.sum(traffic.bytes_sent);
  traffic.max_ids = comm.max(traffic.max_ids);
  traffic.max_pairs = comm.max(traffic.max_pairs);
  return statistics;
}

/// What the summary says of ratios and of components dropped, over all ranks. Collective.
/// \param of_whole  Dropped once they were whole, the same on every rank.
void summarise_dropped(const Communicator& comm, const SegmentJob& job, OwnedBlocks& owned,
                       const DroppedCounts& of_whole, SegmentSummary& summary) {
  summary.dropped = {.no_core = comm.sum(owned.dropped.no_core),
                     .too_small = comm.sum(owned.dropped.too_small),
                     .too_large = comm.sum(owned.dropped.too_large)};
  summary.dropped.add(of_whole);
  summary.highest_ratio = comm.max(static_cast<double>(owned.ratios.highest()));
  comm.sum(owned.ratios.counts());
  summary.ratio_of_smallest_core = owned.ratios.reached_by(std::max<std::int64_t>(job.bounds.min, 1));
}

std::int64_t bytes_of(const UnpublishedFile& file) {
  return narrow<std::int64_t>(std::filesystem::file_size(file.written()));
}

/// Adds to the labels what rank 0 alone writes, and writes the table. Collective.
/// \param rows  On rank 0.
void complete_files(const Communicator& comm, const SegmentJob& job, const std::vector<Synapse>& rows,
                    Segmentation& done) {
  std::int64_t bytes = 0;
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    const std::string table = object_table_csv(rows);
    complete_synapse_file(done.labels.written(), job.recipe, rows, table);
    done.table = write_unpublished(job.table, table);
    bytes = bytes_of(done.labels) + bytes_of(done.table);
  });
  done.summary.bytes_written = comm.broadcast(bytes);
}

}  // namespace

void check_segment_fits(const Communicator& comm, const SegmentJob& job, const StoredProbability& stored) {
  const BlockMemory memory = memory_for_blocks(comm, job.memory_per_rank);
  all_or_throw(comm, [&] { plan_grid(job, stored, memory, comm.size()); });
}

Segmentation segment(const Communicator& comm, const SegmentJob& job, const std::stop_token& stop) {
  const BlockMemory memory = memory_for_blocks(comm, job.memory_per_rank);
  std::optional<SegmentInputs> inputs;
  std::optional<BlockGrid> grid;
  all_or_throw(comm, [&] {
    inputs.emplace(job);
    grid.emplace(
        plan_grid(job, {inputs->probability.extent(), inputs->probability.type()}, memory, comm.size()));
  });

  Segmentation done;
  SegmentSummary& summary = done.summary;
  summary.block = grid->block();
  Timer timer;
  const auto lap = [&timer] { return std::exchange(timer, Timer{}).seconds(); };

  OwnedBlocks owned = threshold_owned_blocks(comm, job, *grid, *inputs, stop);
  summary.threshold_seconds = lap();

  const auto global = label_across_blocks(comm, *grid, owned.reference, job.threshold.connectivity);
  const auto global_cores = label_across_blocks(comm, *grid, owned.core, job.threshold.connectivity);
  summary.searched_voxels = comm.sum(owned.searched);
  summary.components = comm.sum(owned.components_found);
  summary.cores = comm.sum(owned.cores_found);
  summary.merged_components = narrow<std::int64_t>(global.owners().count());
  summary.bytes_read = comm.sum(owned.bytes_read);
  summary.reference_merge = over_all_ranks(comm, global.statistics());
  summary.core_merge = over_all_ranks(comm, global_cores.statistics());
  summary.merge_seconds = lap();

  const auto objects = combine_objects(
      comm, partial_components(owned, global), partial_cores(owned, global, global_cores),
      [&](ProvisionalId id) { return global.owners().owner_of(id); },
      [&](ProvisionalId id) { return global_cores.owners().owner_of(id); }, job.bounds);
  summarise_dropped(comm, job, owned, objects.dropped, summary);
  summary.synapses = comm.broadcast(narrow<std::int64_t>(objects.synapses.size()));
  summary.combine_seconds = lap();

  const auto rows = describe_synapses(objects, inputs->probability, job);
  const auto numbers = numbers_of_components(owned, global, objects);
  const LabelFacts facts{narrow<std::uint64_t>(summary.synapses), job.voxel_size, job.offset};
  done.labels = write_labels(comm, *grid, {owned.reference, numbers}, facts, job.threads, job.labels, stop);
  complete_files(comm, job, rows, done);
  summary.write_seconds = lap();
  return done;
}

}  // namespace cleft
