#include "pipeline/tune/sweep.hpp"

#include <memory>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/output_folder.hpp"
#include "base/files/replace.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "base/timer.hpp"
#include "config/load.hpp"
#include "parallel/agree.hpp"
#include "pipeline/run/run_files.hpp"
#include "pipeline/tune/judge_settings.hpp"
#include "pipeline/tune/score_table.hpp"
#include "pipeline/tune/settings_grid.hpp"
#include "pipeline/tune/stored_run.hpp"

namespace cleft {
namespace {

constexpr auto option = "--sweep";

/// The run's configuration; it may have been moved since.
Config configuration_of(const std::filesystem::path& directory) {
  std::error_code unknown;
  if (!std::filesystem::is_directory(directory, unknown))
    throw InputError({directory.string(), "is no directory",
                      "with --sweep a run directory, whose stored probability is judged"});
  Config config = load_config(RunFiles(directory).configuration);
  config.run.directory = std::filesystem::absolute(directory);
  return config;
}

std::vector<ScoredSetting> scored(const SettingsGrid& grid, const std::vector<Agreement>& agreements,
                                  const SegmentSettings& configured, const BootstrapOptions& bootstrap) {
  std::vector<ScoredSetting> rows;
  for (std::size_t n = 0; n < agreements.size(); ++n) {
    ScoredSetting row{grid.values_of(n), agreements[n], bootstrap_intervals(agreements[n], bootstrap), ""};
    if (same_objects(grid.settings[n].settings, configured)) row.mark = "as the run has it";
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

void run_sweep(const Communicator& comm, const SweepOptions& options, const std::stop_token& stop) {
  Config config;
  std::vector<SettingAxis> axes;
  all_or_throw(comm, [&] {
    config = configuration_of(options.directory);
    for (const std::string& axis : options.axes) axes.push_back(parse_axis(axis, option));
    if (!options.csv || !comm.is_root()) return;
    check_output_folder(*options.csv);
    check_replaces_only(*options.csv, "table of cleft evaluate --sweep", is_score_csv);
  });
  const StoredRun run = open_stored_run(comm, config, MadeFrom::what_the_run_says);
  SettingsGrid grid;
  all_or_throw(comm, [&] { grid = make_grid(config, run.volume, axes, option); });
  EvaluateOptions truth = options_to_judge(config, run, options.truth);
  if (options.everywhere) truth.mask.reset();
  const auto judge = make_judge(comm, config, truth);
  std::vector<SegmentSettings> settings;
  for (const GridSetting& setting : grid.settings) settings.push_back(setting.settings);
  const Timer timer;
  const auto agreements = judge_settings(comm, run.job, settings, *judge, stop);
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    log::info("sweep: {} judged by {} in {:.1f} s", counted(narrow<std::int64_t>(settings.size()), "setting"),
              judge->truth_text(), timer.seconds());
    if (grid.contradictory > 0)
      log::info("sweep: {} left out that contradict themselves, such as a core_ratio below reference_ratio",
                counted(grid.contradictory, "combination"));
    std::vector<std::string> names;
    for (const SettingAxis& axis : grid.axes) names.push_back(axis.key);
    const auto rows = scored(grid, agreements, segment_settings(config, run.volume), options.truth.bootstrap);
    if (options.csv) write_file_atomically(*options.csv, score_csv(names, rows));
    fmt::print("{}", score_table(names, rows));
  });
}

}  // namespace cleft
