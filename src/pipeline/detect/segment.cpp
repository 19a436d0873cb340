#include "pipeline/detect/segment.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/narrow.hpp"
#include "base/timer.hpp"
#include "components/distributed/label_across_blocks.hpp"
#include "objects/distributed/combine.hpp"
#include "parallel/agree.hpp"
#include "pipeline/detect/complete_files.hpp"
#include "pipeline/detect/owned_blocks.hpp"
#include "pipeline/detect/split_components.hpp"
#include "pipeline/run/block_memory.hpp"
#include "pipeline/run/labels_recipe.hpp"
#include "segmentation/distributed/part_runs.hpp"
#include "segmentation/distributed/write_labels.hpp"
#include "segmentation/split_stored.hpp"

namespace cleft {
namespace {

/// Takes sums and steps out of the blocks: nobody needs them there any more, and the steps can be many.
std::vector<PartialComponent> take_partial_components(OwnedBlocks& owned, const GlobalComponents& global) {
  std::vector<PartialComponent> partials;
  for (std::size_t b = 0; b < owned.components.size(); ++b)
    for (std::size_t c = 0; c < owned.components[b].size(); ++c)
      partials.push_back({global.of_block(b)[c], owned.components[b][c], std::move(owned.steps[b][c])});
  owned.components.clear();
  owned.steps.clear();
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

/// Blocks are thresholded for the objects that are wanted, or for all that these may be parts of.
SegmentJob job_of_blocks(SegmentJob job) {
  if (job.split.by != Split::none) job.rule = rule_before_splitting(job.rule);
  return job;
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
  for (const SynapseSums& sums : objects.objects) {
    rows.push_back(describe_synapse(rows.size() + 1, sums.component, sums.cores, steps, probability.extent(),
                                    job.voxel_size, job.offset.value_or(PerAxis<double>{})));
    rows.back().decisive_ratio = begin_of(sums.decisive);
    rows.back().accepted = std::ssize(rows) <= objects.synapse_count ? 1 : 0;
  }
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
  summary.ratio_of_smallest_core = owned.ratios.reached_by(job.rule.needed());
}

/// From which decisive ratio on every object of a fitting size is kept.
double complete_from(const CombinedObjects& objects, const SegmentJob& job) {
  constexpr double never = std::numeric_limits<double>::infinity();
  const CandidateRule& rule = job.rule.candidates;
  if (!rule.keeps_any() || objects.best_left_out == last_ratio_step) return never;
  const RatioStep lowest =
      objects.best_left_out ? narrow<RatioStep>(*objects.best_left_out + 1) : rule.lowest;
  return std::max(double{begin_of(lowest)}, job.threshold.options.reference_ratio);
}

/// What the summary says of the blocks' components and of joining them, over all ranks. Collective.
void summarise_merge(const Communicator& comm, const OwnedBlocks& owned, const GlobalComponents& global,
                     const GlobalComponents& global_cores, SegmentSummary& summary) {
  summary.searched_voxels = comm.sum(owned.searched);
  summary.components = comm.sum(owned.components_found);
  summary.cores = comm.sum(owned.cores_found);
  summary.merged_components = narrow<std::int64_t>(global.owners().count());
  summary.bytes_read = comm.sum(owned.bytes_read);
  summary.reference_merge = over_all_ranks(comm, global.statistics());
  summary.core_merge = over_all_ranks(comm, global_cores.statistics());
}

/// The recipe that is stored with the labels.
nlohmann::json recipe_of(const SegmentJob& job, const SplitSummary& split) {
  nlohmann::json recipe = job.recipe;
  std::optional<std::int64_t> least;
  for (const LeftWhole& component : split.left_whole)
    if (component.memory_per_rank > 0)
      least = std::min(least.value_or(component.memory_per_rank), component.memory_per_rank);
  if (least) recipe[left_whole_below] = *least;
  return recipe;
}

LabelFacts facts_of(const SegmentJob& job, const SegmentSummary& summary) {
  return {.synapses = narrow<std::uint64_t>(summary.synapses),
          .candidates = narrow<std::uint64_t>(summary.candidates),
          .has_candidates = job.rule.candidates.keeps_any(),
          .voxel_size = job.voxel_size,
          .offset = job.offset};
}

}  // namespace

void check_segment_fits(const Communicator& comm, const SegmentJob& job, const StoredProbability& stored) {
  const BlockMemory memory = memory_for_blocks(comm, job.memory_per_rank);
  all_or_throw(comm, [&] { plan_segment_grid(job, stored, memory, comm.size()); });
}

Segmentation segment(const Communicator& comm, const SegmentJob& job, const std::stop_token& stop) {
  const BlockMemory memory = memory_for_blocks(comm, job.memory_per_rank);
  std::optional<SegmentInputs> inputs;
  std::optional<BlockGrid> grid;
  all_or_throw(comm, [&] {
    inputs.emplace(job);
    grid.emplace(plan_segment_grid(job, {inputs->probability.extent(), inputs->probability.type()}, memory,
                                   comm.size()));
  });

  Segmentation done;
  SegmentSummary& summary = done.summary;
  summary.block = grid->block();
  Timer timer;
  const auto lap = [&timer] { return std::exchange(timer, Timer{}).seconds(); };

  OwnedBlocks owned = threshold_owned_blocks(comm, job_of_blocks(job), *grid, *inputs, stop);
  summary.threshold_seconds = lap();

  const auto global = label_across_blocks(comm, *grid, owned.reference, job.threshold.connectivity);
  const auto global_cores = label_across_blocks(comm, *grid, owned.core, job.threshold.connectivity);
  summarise_merge(comm, owned, global, global_cores, summary);
  summary.merge_seconds = lap();

  const IdOwner owner = [&](ProvisionalId id) { return global.owners().owner_of(id); };
  const IdOwner core_owner = [&](ProvisionalId id) { return global_cores.owners().owner_of(id); };
  WholeComponents whole =
      join_components(comm, take_partial_components(owned, global),
                      partial_cores(owned, global, global_cores), owner, core_owner, job.rule.needed());
  summary.combine_seconds = lap();

  const SplitComponents split = split_components(comm, job, *inputs, whole, owner, stop);
  summary.split = split.summary;
  summary.split_seconds = lap();

  const auto objects = number_objects(comm, whole, split.parts, owner, job.rule);
  summarise_dropped(comm, job, owned, objects.dropped, summary);
  summary.synapses = objects.synapse_count;
  summary.candidates = objects.candidate_count;
  summary.combine_seconds += lap();

  const auto rows = describe_synapses(objects, inputs->probability, job);
  auto numbers = numbers_of_components(owned, global, objects);
  if (job.split.by != Split::none)
    put_parts_into_blocks(comm, *grid, numbered_runs(split, objects.part_numbers), owned.reference, numbers);
  done.labels = write_labels(comm, *grid, {owned.reference, numbers}, facts_of(job, summary), job.threads,
                             job.labels, stop);
  complete_files(
      comm, job,
      {.recipe = recipe_of(job, split.summary), .rows = rows, .complete_from = complete_from(objects, job)},
      done);
  summary.write_seconds = lap();
  return done;
}

}  // namespace cleft
