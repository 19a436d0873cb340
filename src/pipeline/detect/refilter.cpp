#include "pipeline/detect/refilter.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/narrow.hpp"
#include "base/recipe.hpp"
#include "base/stopped.hpp"
#include "base/timer.hpp"
#include "blocks/block_plan.hpp"
#include "blocks/ownership.hpp"
#include "components/split_options.hpp"
#include "objects/files/synapse_file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/detect/complete_files.hpp"
#include "pipeline/run/block_memory.hpp"
#include "pipeline/run/labels_recipe.hpp"
#include "pipeline/run/stored_labels.hpp"
#include "segmentation/distributed/write_labels.hpp"
#include "threshold/ratio_step.hpp"

namespace cleft {
namespace {

using nlohmann::json;

double measured_ratio(const json& recipe) {
  return recipe.at(recipe.contains(cores_of_ratio) ? cores_of_ratio : "core_ratio").get<double>();
}

/// The table with new verdicts, and what each of its numbers becomes.
struct NewTable {
  std::vector<Synapse> rows;
  std::vector<std::uint64_t> number_of;  ///< [old number]
  std::int64_t synapses = 0;
};

/// The rows of the labels that are there, with the cores that were measured.
std::vector<Synapse> rows_as_measured(const std::filesystem::path& labels) {
  auto rows = read_objects(labels);
  const auto cores = read_measured_cores(labels);
  for (std::size_t i = 0; i < cores.size(); ++i) {
    rows[i].core_size = cores[i].voxels;
    rows[i].core_count = cores[i].count;
    rows[i].largest_core = cores[i].largest;
  }
  return rows;
}

/// Takes the cores out of rows of a ratio that was not thresholded by.
std::vector<CoreSums> take_cores(std::vector<Synapse>& rows) {
  std::vector<CoreSums> cores;
  for (Synapse& row : rows) {
    cores.push_back({.count = row.core_count, .voxels = row.core_size, .largest = row.largest_core});
    row.core_size = row.core_count = row.largest_core = unknown_core;
  }
  return cores;
}

/// Numbers the synapses first, then the candidates, each by first voxel.
NewTable renumbered(std::vector<Synapse> rows, const std::vector<bool>& accepted) {
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].accepted = accepted[i] ? 1 : 0;
  std::sort(rows.begin(), rows.end(), [](const Synapse& a, const Synapse& b) {
    return a.accepted != b.accepted ? a.accepted > b.accepted : a.first_voxel < b.first_voxel;
  });
  NewTable table{.rows = std::move(rows), .number_of = {}, .synapses = 0};
  table.number_of.resize(table.rows.size() + 1);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    Synapse& row = table.rows[i];
    table.number_of.at(row.id) = i + 1;
    row.id = i + 1;
    table.synapses += row.accepted;
  }
  return table;
}

BlockGrid plan_grid(const SegmentJob& job, const Extent& volume, const BlockMemory& memory, int ranks) {
  const auto bytes = [](const Extent& owned, const Extent&) {
    return std::max(label_bytes(owned), StoredLabels::bytes(owned));  // written afterwards
  };
  if (!job.block_shape) return {volume, plan_block(volume, {}, {.bytes = bytes}, memory, ranks), {}};
  check_block("run.block_shape", *job.block_shape, volume, {}, bytes, memory);
  return {volume, *job.block_shape, {}};
}

}  // namespace

Refiltering can_refilter(const json& stored, const json& wanted, double complete_from,
                         std::int64_t memory_per_rank) {
  const auto differing = differing_parts(as_asked_for(stored), wanted);
  if (differing != std::vector<std::string>{"core_ratio"}) return {};
  if (!stored.contains("candidates"))
    return {false, "no candidates were kept (filter.candidates, filter.candidate_ratio)"};
  if (splits_more(stored, memory_per_rank))
    return {false, "run.memory_per_rank is now enough to split components that were left whole"};
  const double now = wanted.at("core_ratio").get<double>();
  if (now == measured_ratio(stored)) return {true, ""};
  if (wanted.contains("split") && wanted.at("split").front() == to_string(Split::cores))
    return {false, "components.split: cores splits by the cores of that ratio"};
  if (!step_beginning_at(now))
    return {false, fmt::format("core_ratio {} is not one of the steps that ranks have, such as {}", now,
                               begin_of(first_step_from(now)))};
  // What is no synapse at the ratio that was thresholded by is none at a higher one.
  if (now < measured_ratio(stored) && now < complete_from)
    return {false, fmt::format("all objects were kept only from a ratio of {} on", complete_from)};
  return {true, ""};
}

std::vector<bool> accepted_at(const std::vector<Synapse>& rows, double measured, double now,
                              std::int64_t needed) {
  std::vector<bool> accepted;
  for (const Synapse& row : rows) {
    const bool was = row.largest_core >= needed;
    const bool reaches = row.decisive_ratio >= now;
    // A larger ratio leaves less of each core, a smaller one more.
    accepted.push_back(now == measured ? was : now > measured ? was && reaches : was || reaches);
  }
  return accepted;
}

Segmentation refilter(const Communicator& comm, const SegmentJob& job, const std::stop_token& stop) {
  const Timer timer;
  Segmentation done;
  NewTable table;
  json recipe = job.recipe;
  double complete_from = 0;
  std::vector<CoreSums> cores;
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    const json stored = read_synapse_recipe(job.labels);
    const double measured = measured_ratio(stored), now = recipe.at("core_ratio").get<double>();
    if (stored.contains(left_whole_below)) recipe[left_whole_below] = stored.at(left_whole_below);
    auto rows = rows_as_measured(job.labels);
    const auto accepted = accepted_at(rows, measured, now, job.rule.needed());
    table = renumbered(std::move(rows), accepted);
    if (measured != now) {
      recipe[cores_of_ratio] = measured;
      cores = take_cores(table.rows);
    }
    complete_from = read_complete_from(job.labels);
  });
  const auto number_of = comm.broadcast(std::move(table.number_of));
  done.summary.synapses = comm.broadcast(table.synapses);
  done.summary.candidates = narrow<std::int64_t>(number_of.size()) - 1 - done.summary.synapses;

  const BlockMemory memory = memory_for_blocks(comm, job.memory_per_rank);
  std::optional<BlockGrid> grid;
  std::vector<LabelledBlock> blocks;
  std::vector<std::vector<std::uint64_t>> numbers;
  all_or_throw(comm, [&] {
    const StoredLabels labels(job.labels, true);
    grid.emplace(plan_grid(job, labels.extent(), memory, comm.size()));
    const NumberRange mine = owned_range(grid->count(), comm.rank(), comm.size());
    for (std::int64_t n = mine.begin; n < mine.end; ++n) {
      throw_if_stopped(stop);
      auto [block, of_components] = labels.read(grid->owned(n), number_of);
      blocks.push_back(std::move(block));
      numbers.push_back(std::move(of_components));
    }
  });
  done.summary.block = grid->block();
  const LabelFacts facts{.synapses = narrow<std::uint64_t>(done.summary.synapses),
                         .candidates = narrow<std::uint64_t>(done.summary.candidates),
                         .has_candidates = true,
                         .voxel_size = job.voxel_size,
                         .offset = job.offset};
  done.labels = write_labels(comm, *grid, {blocks, numbers}, facts, job.threads, job.labels, stop);
  complete_files(
      comm, job,
      {.recipe = recipe, .rows = table.rows, .complete_from = complete_from, .measured_cores = cores}, done);
  done.summary.write_seconds = timer.seconds();
  return done;
}

}  // namespace cleft
