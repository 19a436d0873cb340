#include "pipeline/detect/earlier_labels.hpp"

#include <limits>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/is_there.hpp"
#include "base/files/regular_file.hpp"
#include "base/log.hpp"
#include "base/recipe.hpp"
#include "objects/files/synapse_file.hpp"
#include "pipeline/run/labels_recipe.hpp"
#include "pipeline/run/run_record.hpp"

namespace cleft {
namespace {

using nlohmann::json;

/// Whether the files beside the labels are of the same run as they are. Where the table is missing the run
/// may have ended while its files got their names.
bool are_of_one_run(const RunFiles& files, const json& recipe) {
  const RunRecord record = read_run_record(files.record);
  return !record.segment || differing_parts(as_asked_for(record.segment->stage.recipe), recipe).empty();
}

bool hold_the_same(const std::filesystem::path& a, const std::filesystem::path& b) {
  constexpr std::size_t any_size = std::numeric_limits<std::size_t>::max();
  return std::filesystem::is_regular_file(a) &&
         std::filesystem::file_size(a) == std::filesystem::file_size(b) &&
         read_regular_file(a, "a table", any_size) == read_regular_file(b, "a table", any_size);
}

/// See EarlierLabels::keep_as. A table that is kept already, byte for byte, is not kept twice.
std::filesystem::path name_to_keep(const RunFiles& files, Soundness table) {
  if (table == Soundness::missing) return {};
  if (table == Soundness::sound) return files.previous_table;
  for (int number = 1;; ++number) {
    auto name = files.kept_table(number);
    if (!is_there(name) || hold_the_same(name, files.table)) return name;
  }
}

/// What stands beside the labels that are there, whatever recipe they are of.
Soundness table_beside(const RunFiles& files) {
  if (!is_there(files.table)) return Soundness::missing;
  if (check_synapse_file(files.synapses) != Soundness::sound) return Soundness::unknown;
  return check_table(files.table, files.synapses);
}

/// What is found where the labels are whole and of the recipe, but the table is not beside them.
EarlierLabels without_table(const RunFiles& files, const json& recipe, Soundness table) {
  const char* what = table == Soundness::missing ? "is missing" : "is not what was written";
  EarlierLabels found{.done = true,
                      .lost_table = are_of_one_run(files, recipe) ? table_of(files.synapses) : std::nullopt,
                      .keep_as = name_to_keep(files, table)};
  found.done = found.lost_table.has_value();
  if (found.done)
    log::warning("{}: {}; it is written again from {}", files.table.string(), what, files.synapses.string());
  else
    log::warning("{}: {}; the synapses are found again", files.table.string(), what);
  return found;
}

/// Of labels that cannot be gone on with: their table cannot be compared with them either.
EarlierLabels without_labels(const RunFiles& files) {
  return {.keep_as = name_to_keep(files, is_there(files.table) ? Soundness::unknown : Soundness::missing)};
}

}  // namespace

EarlierLabels look_at_labels(const RunFiles& files, const json& recipe, std::int64_t memory_per_rank) {
  std::string why = files.synapses.string() + ": has lost its first bytes";
  switch (check_synapse_file(files.synapses, &why)) {
    case Soundness::missing:
      return without_labels(files);
    case Soundness::damaged:
      log::warning("{}; the synapses are found again", why);
      return without_labels(files);
    case Soundness::unknown:
      log::info("{}: of cleft 0.1.0, whose tables have shorter axes; the synapses are found again",
                files.synapses.string());
      return without_labels(files);
    case Soundness::sound:
      break;
  }
  const Soundness table = check_table(files.table, files.synapses);
  const json stored = read_synapse_recipe(files.synapses);
  if (!differing_parts(as_asked_for(stored), recipe).empty())
    return {.keep_as = name_to_keep(files, table), .recipe = stored};
  if (splits_more(stored, memory_per_rank)) {
    log::info("{}: components were left whole, and run.memory_per_rank is now enough to split more of them",
              files.synapses.string());
    return {.keep_as = name_to_keep(files, table), .recipe = stored};
  }
  return table == Soundness::sound ? EarlierLabels{.done = true} : without_table(files, recipe, table);
}

void write_lost_table(const RunFiles& files, const EarlierLabels& found) {
  if (!found.keep_as.empty()) {
    std::filesystem::rename(files.table, found.keep_as);
    log::warning("{}: what was there is kept as {}", files.table.string(), found.keep_as.string());
  }
  write_file_atomically(files.table, *found.lost_table);
}

std::optional<json> probability_of_labels(const RunFiles& files) {
  try {
    if (!is_there(files.synapses)) return std::nullopt;
    const json recipe = read_synapse_recipe(files.synapses);
    return recipe.contains("probability") ? std::optional(recipe["probability"]) : std::nullopt;
  } catch (const InputError&) {
    return std::nullopt;
  }
}

std::filesystem::path name_to_keep_table(const RunFiles& files) {
  return name_to_keep(files, table_beside(files));
}

}  // namespace cleft
