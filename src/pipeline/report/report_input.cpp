#include "pipeline/report/report_input.hpp"

#include <cstddef>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/files/is_there.hpp"
#include "base/files/regular_file.hpp"
#include "config/load.hpp"
#include "objects/files/synapse_file.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

using nlohmann::json;

void check_is_finished(const RunFiles& files) {
  if (!is_there(files.configuration))
    throw InputError({files.directory.string(), "is a directory without run.yaml, or none",
                      "the run directory of a finished cleft detect"});
  for (const auto& file : {files.synapses, files.table})
    if (!is_there(file))
      throw InputError({file.string(), "is not there: the run is not finished",
                        "a finished run; cleft detect goes on with it"});
}

void check_results(const RunFiles& files) {
  std::string why;
  const Soundness labels = check_synapse_file(files.synapses, &why);
  if (labels == Soundness::unknown)
    throw InputError({files.synapses.string(), "is of cleft 0.1.0, which noted less than a report needs",
                      "results of this version; cleft detect finds them again"});
  if (labels != Soundness::sound)
    throw InputError(
        {files.synapses.string(), "is damaged: " + why, "what cleft detect wrote; it makes it again"});
  if (check_table(files.table, files.synapses) != Soundness::sound)
    throw InputError({files.table.string(),
                      "is not the table that was written with " + files.synapses.filename().string(),
                      "that table; cleft detect writes it again and keeps this one"});
}

/// Compares the volume with the one that the results say they were made of.
void check_volume(const FinishedRun& run, OtherInput other) {
  if (!run.recipe.contains("probability") || !run.recipe["probability"].contains("volume")) return;
  const json& stored = run.recipe["probability"];
  json now = stored;
  now["volume"] = identify_input(run.volume.path).fingerprint;
  const Extent& extent = run.volume.extent;
  now["extent"] = {extent.z, extent.y, extent.x};
  const auto continued = go_on_with(stored, now, run.volume.path, std::nullopt, other);
  const auto words = differences_in_words(stored, continued.recipe);
  if (words.empty()) return;
  throw InputError({to_string(run.volume.path),
                    fmt::format("is not what {} was made of: another {}", run.files.directory.string(),
                                fmt::join(words, ", ")),
                    "that volume, or --accept-input to show this one"});
}

void read_on_root(FinishedRun& run) {
  check_is_finished(run.files);
  check_results(run.files);
  run.recipe = read_synapse_recipe(run.files.synapses);
  run.table = read_objects(run.files.synapses);
  run.table_checksum = checksum_of_table(run.files);
  run.record = read_run_record(run.files.record);
  run.configuration = read_text(run.files.configuration);
}

}  // namespace

std::string checksum_of_table(const RunFiles& files) {
  const std::string text =
      read_regular_file(files.table, "the run's table", std::numeric_limits<std::size_t>::max());
  return fmt::format("{:016x}", checksum(std::as_bytes(std::span(text))));
}

Config config_of_run(const Communicator& comm, const std::filesystem::path& directory,
                     std::span<const std::string> sets) {
  const RunFiles files(directory);
  std::string text;
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    check_is_finished(files);
    text = read_text(files.configuration);
  });
  text = comm.broadcast(text);
  Config config;
  all_or_throw(comm, [&] {
    config = parse_config(text, files.configuration, sets);
    config.run.directory = directory;
  });
  return config;
}

namespace {

/// All but the volume. Collective.
FinishedRun open_results(const Communicator& comm, const Config& config) {
  FinishedRun run{.files = RunFiles(config.run.directory),
                  .config = config,
                  .volume = {},
                  .recipe = {},
                  .table = {},
                  .table_checksum = {},
                  .record = {},
                  .configuration = {}};
  all_or_throw(comm, [&] {
    if (comm.is_root()) read_on_root(run);
  });
  run.recipe = json::parse(comm.broadcast(run.recipe.dump()));
  run.table = comm.broadcast(std::move(run.table));
  run.table_checksum = comm.broadcast(run.table_checksum);
  return run;
}

}  // namespace

FinishedRun open_finished_run(const Communicator& comm, const Config& config, OtherInput other) {
  FinishedRun run = open_results(comm, config);
  all_or_throw(comm, [&] {
    run.volume = look_at_volume(config);
    if (comm.is_root()) check_volume(run, other);
  });
  return run;
}

FinishedRun open_run_results(const Communicator& comm, const Config& config) {
  FinishedRun run = open_results(comm, config);
  all_or_throw(comm, [&] {
    const VolumeReader labels(run.files.label_volume());
    const Place place = labels.place();
    run.volume = {.path = labels.path(), .extent = place.extent, .voxel_size = place.voxel_size};
    run.volume.dataset_offset = place.offset;
  });
  return run;
}

void check_is_same_run(const FinishedRun& run) {
  if (!is_there(run.files.table) || checksum_of_table(run.files) != run.table_checksum)
    throw InputError({run.files.table.string(), "has changed while it was looked at",
                      "a run that nobody else works in; try again"});
}

}  // namespace cleft
