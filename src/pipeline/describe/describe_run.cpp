#include "pipeline/describe/describe_run.hpp"

#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/text/printable.hpp"
#include "config/load.hpp"
#include "config/resolve.hpp"
#include "objects/files/synapse_file.hpp"
#include "pipeline/run/run_files.hpp"
#include "pipeline/run/run_record.hpp"
#include "probability/files/stored_probability.hpp"

namespace cleft {
namespace {

template <class Record>
std::string finished_text(const std::optional<Record>& record) {
  return record ? "done, " + printable(record->stage.finished.value_or("time unknown"), 100) : "done";
}

/// How many blocks of an unfinished probability file are marked done.
std::string unfinished_text(const std::filesystem::path& file) {
  try {
    const BlocksDone blocks = count_blocks_done(file);
    return fmt::format("unfinished, {} of {} blocks done", blocks.done, blocks.all);
  } catch (const Error&) {
    return "begun";  // a running job may have it open in a state that cannot be read
  }
}

std::string predict_text(const RunFiles& files, const RunRecord& run) {
  if (std::filesystem::exists(files.probability)) return finished_text(run.predict);
  const auto unfinished = unfinished_name(files.probability);
  if (std::filesystem::exists(unfinished)) return unfinished_text(unfinished);
  return run.predict ? finished_text(run.predict) + ", probability not kept" : "not begun";
}

std::string segment_text(const RunFiles& files, const RunRecord& run) {
  if (!std::filesystem::exists(files.synapses) || !std::filesystem::exists(files.table)) return "not done";
  return fmt::format("{}, {} synapses", finished_text(run.segment), read_synapse_count(files.synapses));
}

/// A name from run.yaml; "not known" where run.yaml has none, or this version of cleft cannot read it.
template <class Name>
std::string named(const Name& name) {
  try {
    return printable(name());
  } catch (const Error&) {
    return "not known";
  }
}

std::string volume_text(const RunFiles& files) {
  return named([&] { return to_string(volume_path(load_config(files.configuration))); });
}

std::string model_text(const RunFiles& files) {
  return named([&] { return model_path(load_config(files.configuration)).string(); });
}

}  // namespace

std::string describe_run(const std::filesystem::path& directory) {
  const RunFiles files(directory);
  if (!std::filesystem::exists(files.configuration))
    throw InputError({.subject = directory.string(),
                      .found = "a directory without run.yaml",
                      .expected = "a run directory that detect made, or a file"});
  const RunRecord run = read_run_record(files.record);
  return fmt::format(
      "{}\n  volume       {}\n  model        {}\n  predict      {}\n  segment      {}\n  settings     {}\n",
      printable(directory.string()), volume_text(files), model_text(files), predict_text(files, run),
      segment_text(files, run), printable(files.configuration.string()));
}

}  // namespace cleft
