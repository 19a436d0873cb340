#include "pipeline/review/reviewed_files.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/files/atomic_file.hpp"
#include "base/files/is_there.hpp"
#include "base/files/regular_file.hpp"
#include "base/files/replace.hpp"
#include "base/narrow.hpp"
#include "blocks/block_grid.hpp"
#include "blocks/block_plan.hpp"
#include "blocks/ownership.hpp"
#include "objects/files/object_table.hpp"
#include "objects/files/synapse_file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/run/block_memory.hpp"
#include "pipeline/run/stored_labels.hpp"
#include "segmentation/distributed/write_labels.hpp"

namespace cleft {
namespace {

static_assert(std::ranges::all_of(EnumWords<Verdict>::list, [](const auto& entry) {
  return entry.word.size() <= verdict_length;  // of the column in the file
}));

/// Of a block: whole chunks of labels, and so small that any memory holds it.
constexpr Extent block_extent{64, 128, 128};

/// What stands beside the labels.
SynapseFileContent reviewed_content(const RunReview& reviewed) {
  const FinishedRun& run = reviewed.run;
  SynapseFileContent content{.recipe = run.recipe,
                             .rows = {},
                             .complete_from = read_complete_from(run.files.synapses),
                             .measured_cores = {},
                             .verdicts = Verdicts{}};
  content.recipe["review"] = {{"table", run.table_checksum},
                              {"decisions", decisions_checksum(reviewed.review)}};
  const auto cores = read_measured_cores(run.files.synapses);
  for (std::size_t i = 0; i < run.table.size(); ++i) {
    const auto verdict = reviewed.review.of(run.table[i].id);
    if (verdict == Verdict::reject) continue;
    content.rows.push_back(run.table[i]);
    content.verdicts->emplace_back(verdict ? to_string(*verdict) : "");
    if (!cores.empty()) content.measured_cores.push_back(cores[i]);
  }
  return content;
}

LabelFacts facts_of(const FinishedRun& run) {
  LabelFacts facts{.has_candidates = run.recipe.contains("candidates"),
                   .voxel_size = run.volume.voxel_size,
                   .offset = run.volume.offset()};
  for (const Synapse& row : run.table) ++(row.accepted != 0 ? facts.synapses : facts.candidates);
  return facts;
}

/// [id] itself, or 0 where it was rejected.
std::vector<std::uint64_t> number_of(const RunReview& reviewed) {
  std::vector<std::uint64_t> numbers(reviewed.run.table.size() + 1);
  for (const Synapse& row : reviewed.run.table)
    if (reviewed.review.of(row.id) != Verdict::reject) numbers.at(row.id) = row.id;
  return numbers;
}

/// Reads this rank's blocks and writes the labels. Collective.
UnpublishedFile write_reviewed_labels(const Communicator& comm, const RunReview& reviewed) {
  const FinishedRun& run = reviewed.run;
  const auto numbers_now = number_of(reviewed);
  const LabelFacts facts = facts_of(run);
  const BlockGrid grid(run.volume.extent, block_extent, {});
  const BlockMemory memory = memory_for_blocks(comm, run.config.run.memory_per_rank);
  std::vector<LabelledBlock> blocks;
  std::vector<std::vector<std::uint64_t>> numbers;
  all_or_throw(comm, [&] {
    const auto bytes = [](const Extent& owned, const Extent&) {
      return std::max(label_bytes(owned), StoredLabels::bytes(owned));
    };
    check_block("run.memory_per_rank", grid.block(), grid.volume(), {}, bytes, memory);
    const StoredLabels labels(run.files.synapses, facts.has_candidates);
    const NumberRange mine = owned_range(grid.count(), comm.rank(), comm.size());
    for (std::int64_t n = mine.begin; n < mine.end; ++n) {
      auto [block, of_components] = labels.read(grid.owned(n), numbers_now);
      blocks.push_back(std::move(block));
      numbers.push_back(std::move(of_components));
    }
  });
  return write_labels(comm, grid, {blocks, numbers}, facts, run.config.run.threads_per_rank,
                      run.files.reviewed);
}

/// The name to keep the table under that is there, where it is not what was written beside its labels.
std::filesystem::path name_to_keep(const RunFiles& files) {
  if (!is_there(files.reviewed_table)) return {};
  if (check_synapse_file(files.reviewed) == Soundness::sound &&
      check_table(files.reviewed_table, files.reviewed) == Soundness::sound)
    return {};
  for (int number = 1;; ++number)
    if (auto name = files.kept_reviewed_table(number); !is_there(name)) return name;
}

/// Nobody else's file is replaced: of the labels only what cleft wrote, and of the table no folder or pipe.
void check_targets(const RunFiles& files) {
  check_replaces_only(files.reviewed, "synapse file of cleft review", begins_as_synapse_file,
                      "nothing there; move it elsewhere");
  if (is_there(files.reviewed_table)) check_regular_file(files.reviewed_table, "a table, or nothing");
}

}  // namespace

ReviewedFiles write_reviewed_files(const Communicator& comm, const RunReview& reviewed) {
  const RunFiles& files = reviewed.run.files;
  all_or_throw(comm, [&] {
    if (comm.is_root()) check_targets(files);
  });
  ReviewedFiles written;
  written.labels = write_reviewed_labels(comm, reviewed);
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    const SynapseFileContent content = reviewed_content(reviewed);
    const std::string table = object_table_csv(content.rows, &*content.verdicts);
    complete_synapse_file(written.labels.written(), content, table);
    written.table = write_unpublished(files.reviewed_table, table);
    written.keep_as = name_to_keep(files);
  });
  return written;
}

}  // namespace cleft
