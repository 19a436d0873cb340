#include "pipeline/detect/earlier_labels.hpp"

#include <optional>
#include <string>

#include "base/files/atomic_file.hpp"
#include "base/files/is_there.hpp"
#include "base/log.hpp"
#include "base/recipe.hpp"
#include "objects/files/synapse_file.hpp"
#include "pipeline/run/run_record.hpp"

namespace cleft {
namespace {

using nlohmann::json;

/// Whether the files beside the labels are of the same run as they are. Where the table is missing the run
/// may have ended while its files got their names.
bool are_of_one_run(const RunFiles& files, const json& recipe) {
  const RunRecord record = read_run_record(files.record);
  return !record.segment || differing_parts(record.segment->stage.recipe, recipe).empty();
}

/// Writes the table that the labels' file has the rows of.
/// \returns Whether that was possible.
bool write_table_again(const RunFiles& files, const json& recipe, Soundness table) {
  const char* what = table == Soundness::missing ? "is missing" : "is not what was written";
  const auto text = are_of_one_run(files, recipe) ? table_of(files.synapses) : std::nullopt;
  if (!text) {
    log::warning("{}: {}; the synapses are found again", files.table.string(), what);
    return false;
  }
  if (table != Soundness::missing) {  // somebody may have worked on it
    std::filesystem::rename(files.table, files.previous_table);
    log::warning("{}: what was there is kept as {}", files.table.string(), files.previous_table.string());
  }
  write_file_atomically(files.table, *text);
  log::warning("{}: {}; it is written again from {}", files.table.string(), what, files.synapses.string());
  return true;
}

}  // namespace

EarlierLabels look_at_labels(const RunFiles& files, const json& recipe) {
  std::string why = files.synapses.string() + ": has lost its first bytes";
  const Soundness labels = check_synapse_file(files.synapses, &why);
  if (labels == Soundness::damaged) log::warning("{}; the synapses are found again", why);
  if (labels == Soundness::missing || labels == Soundness::damaged)
    return {.keeps_table = is_there(files.table)};

  const Soundness table = check_table(files.table, files.synapses);
  const bool is_whole = table == Soundness::sound || table == Soundness::unknown;
  if (!differing_parts(read_synapse_recipe(files.synapses), recipe).empty())
    return {.keeps_table = table != Soundness::missing};
  if (is_whole && labels == Soundness::unknown)
    log::info("{}: of cleft 0.1.0, which wrote no checksums; it cannot be verified", files.synapses.string());
  if (is_whole) return {.done = true};
  const bool done = labels == Soundness::sound && write_table_again(files, recipe, table);
  return {.done = done, .keeps_table = !done && table != Soundness::missing};
}

}  // namespace cleft
