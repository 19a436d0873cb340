#include "pipeline/detect/segment.hpp"

#include <algorithm>
#include <future>
#include <span>
#include <utility>

#include "base/files/atomic_file.hpp"
#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "base/timer.hpp"
#include "blocks/block_plan.hpp"
#include "blocks/ownership.hpp"
#include "components/distributed/label_across_blocks.hpp"
#include "io/h5/origin.hpp"
#include "objects/distributed/combine.hpp"
#include "objects/files/object_table.hpp"
#include "parallel/agree.hpp"
#include "pipeline/run/memory.hpp"
#include "probability/distributed/probability_file.hpp"
#include "segmentation/distributed/write_labels.hpp"
#include "segmentation/drop_settled.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

/// This rank's blocks once they are thresholded, one element per block in their order, without what is
/// settled.
struct OwnedBlocks {
  std::vector<LabelledBlock> reference, core;
  std::vector<std::vector<ComponentSums>> components;
  std::vector<std::vector<LocalCore>> cores;
  std::int64_t components_found = 0, cores_found = 0;  // what is settled included
  std::int64_t bytes_read = 0;
};

BlockGrid plan_grid(const SegmentJob& job, const StoredProbability& stored, const BlockMemory& memory,
                    int ranks) {
  const Extent halo = smoothing_halo(job.threshold.sigma);
  const auto stored_bytes = narrow<std::int64_t>(size_of(stored.type));
  const auto bytes = [&](const Extent& core, const Extent& padded) {
    // One block is computed while the next is read.
    const std::int64_t stored_blocks = 2 * voxel_count(padded) * stored_bytes;
    return std::max(stored_blocks + threshold_bytes(core, padded, job.threshold.sigma, job.threads),
                    label_bytes(core));
  };
  if (!job.block_shape)
    return {stored.extent, plan_block(stored.extent, halo, {.bytes = bytes}, memory, ranks), halo};
  check_block("run.block_shape", *job.block_shape, stored.extent, halo, bytes, memory);
  return {stored.extent, *job.block_shape, halo};
}

/// Thresholds a block and keeps what is not settled.
template <class Stored>
void threshold_into(const SegmentJob& job, const BlockGrid& grid, std::int64_t number,
                    const View3<const Stored>& padded, OwnedBlocks& owned) {
  auto block = threshold_block(grid, number, padded, job.threshold, job.threads);
  owned.components_found += block.reference.component_count;
  owned.cores_found += block.core.component_count;
  drop_settled(block, grid.owned(number), grid.volume(), job.bounds);
  owned.reference.push_back(std::move(block.reference));
  owned.core.push_back(std::move(block.core));
  owned.components.push_back(std::move(block.components));
  owned.cores.push_back(std::move(block.cores));
}

/// Thresholds blocks one after the other. While other threads compute, this one reads the next block: it
/// alone may call HDF5.
template <class Stored>
OwnedBlocks threshold_blocks(const SegmentJob& job, const BlockGrid& grid, const NumberRange& mine,
                             const VolumeReader& probability, Progress& progress) {
  const auto read = [&](std::int64_t number) {
    if (!mine.contains(number)) return Array3<Stored>{};
    const Box box = grid.padded(number);
    auto padded = Array3<Stored>::uninitialized(box.extent());
    probability.read(box, padded.view());
    return padded;
  };
  OwnedBlocks owned;
  Array3<Stored> padded = read(mine.begin);
  for (std::int64_t n = mine.begin; n < mine.end; ++n) {
    auto computing = std::async(std::launch::async, [&] {  // when destroyed, it waits
      threshold_into<Stored>(job, grid, n, padded.view(), owned);
    });
    Array3<Stored> next = read(n + 1);
    computing.get();
    owned.bytes_read += padded.size() * narrow<std::int64_t>(sizeof(Stored));
    padded = std::move(next);
    progress.update(voxel_count(grid.volume()) / mine.size() * (n + 1 - mine.begin));
  }
  return owned;
}

OwnedBlocks threshold_owned_blocks(const Communicator& comm, const SegmentJob& job, const BlockGrid& grid,
                                   const VolumeReader& probability) {
  OwnedBlocks owned;
  all_or_throw(comm, [&] {
    const NumberRange mine = owned_range(grid.count(), comm.rank(), comm.size());
    Progress progress("segment", voxel_count(grid.volume()), comm.is_root());
    owned = probability.type() == ElementType::uint8
                ? threshold_blocks<std::uint8_t>(job, grid, mine, probability, progress)
                : threshold_blocks<float>(job, grid, mine, probability, progress);
  });
  return owned;
}

std::vector<ComponentPiece> component_pieces(const OwnedBlocks& owned, const GlobalLabels& labels) {
  std::vector<ComponentPiece> pieces;
  for (std::size_t b = 0; b < owned.components.size(); ++b)
    for (std::size_t c = 0; c < owned.components[b].size(); ++c)
      pieces.push_back({labels.of_block(b)[c], owned.components[b][c]});
  return pieces;
}

std::vector<CorePiece> core_pieces(const OwnedBlocks& owned, const GlobalLabels& labels,
                                   const GlobalLabels& core_labels) {
  std::vector<CorePiece> pieces;
  for (std::size_t b = 0; b < owned.cores.size(); ++b)
    for (std::size_t c = 0; c < owned.cores[b].size(); ++c) {
      const LocalCore& core = owned.cores[b][c];
      pieces.push_back({core_labels.of_block(b)[c], labels.of_block(b)[core.component], core.voxels});
    }
  return pieces;
}

/// For each of this rank's blocks the synapse number of every local component, 0 where it is none.
std::vector<std::vector<std::uint64_t>> numbers_of_components(const OwnedBlocks& owned,
                                                              const GlobalLabels& labels,
                                                              const CombinedObjects& objects) {
  std::vector<std::vector<std::uint64_t>> numbers(owned.reference.size());
  for (std::size_t b = 0; b < numbers.size(); ++b)
    for (const Label label : labels.of_block(b)) {
      const auto found = objects.numbers.find(label);
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
                                    job.voxel_size));
  return rows;
}

/// A merge's traffic as the ranks know it together.
MergeStatistics over_all_ranks(const Communicator& comm, MergeStatistics statistics) {
  ForestTraffic& traffic = statistics.traffic;
  traffic.bytes_sent = comm.sum(traffic.bytes_sent);
  traffic.max_labels = comm.max(traffic.max_labels);
  traffic.max_pairs = comm.max(traffic.max_pairs);
  return statistics;
}

}  // namespace

void check_segment_fits(const Communicator& comm, const SegmentJob& job, const StoredProbability& stored) {
  const BlockMemory memory = memory_for_blocks(comm, job.memory_per_rank);
  all_or_throw(comm, [&] { plan_grid(job, stored, memory, comm.size()); });
}

SegmentSummary segment(const Communicator& comm, const SegmentJob& job) {
  const BlockMemory memory = memory_for_blocks(comm, job.memory_per_rank);
  std::optional<VolumeReader> probability;
  std::optional<BlockGrid> grid;
  all_or_throw(comm, [&] {
    probability.emplace(open_probability(job.probability, job.threshold.options.foreground));
    grid.emplace(plan_grid(job, {probability->extent(), probability->type()}, memory, comm.size()));
  });

  SegmentSummary summary;
  summary.block = grid->block();
  Timer timer;
  const auto lap = [&timer] { return std::exchange(timer, Timer{}).seconds(); };

  OwnedBlocks owned = threshold_owned_blocks(comm, job, *grid, *probability);
  summary.threshold_seconds = lap();

  const auto labels = label_across_blocks(comm, *grid, owned.reference, job.threshold.connectivity);
  const auto core_labels = label_across_blocks(comm, *grid, owned.core, job.threshold.connectivity);
  summary.components = comm.sum(owned.components_found);
  summary.cores = comm.sum(owned.cores_found);
  summary.merged_components = narrow<std::int64_t>(labels.owners().count());
  summary.bytes_read = comm.sum(owned.bytes_read);
  summary.reference_merge = over_all_ranks(comm, labels.statistics());
  summary.core_merge = over_all_ranks(comm, core_labels.statistics());
  summary.merge_seconds = lap();

  const auto objects = combine_objects(
      comm, component_pieces(owned, labels), core_pieces(owned, labels, core_labels),
      [&](Label label) { return labels.owners().owner_of(label); },
      [&](Label label) { return core_labels.owners().owner_of(label); }, job.bounds);
  summary.synapses = comm.broadcast(narrow<std::int64_t>(objects.synapses.size()));
  summary.combine_seconds = lap();

  const auto rows = describe_synapses(objects, *probability, job);
  const auto numbers = numbers_of_components(owned, labels, objects);
  write_labels(comm, *grid, {owned.reference, numbers}, job.voxel_size, job.threads, job.labels,
               [&](h5::File& file) {
                 write_origin(file, job.origin);
                 write_object_table(file, rows);
                 std::filesystem::remove(job.table);
                 if (job.before_publishing) job.before_publishing();
               });
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    write_file_atomically(job.table, object_table_csv(rows));
    summary.bytes_written =
        narrow<std::int64_t>(std::filesystem::file_size(job.labels) + std::filesystem::file_size(job.table));
  });
  summary.bytes_written = comm.broadcast(summary.bytes_written);
  summary.write_seconds = lap();
  return summary;
}

}  // namespace cleft
