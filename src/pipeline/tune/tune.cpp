#include "pipeline/tune/tune.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/output_folder.hpp"
#include "base/files/replace.hpp"
#include "base/log.hpp"
#include "base/printable.hpp"
#include "base/text/counted.hpp"
#include "config/load.hpp"
#include "parallel/agree.hpp"
#include "pipeline/tune/choose_setting.hpp"
#include "pipeline/tune/default_axes.hpp"
#include "pipeline/tune/score_table.hpp"
#include "pipeline/tune/search_settings.hpp"
#include "pipeline/tune/tuned_config.hpp"
#include "pipeline/tune/unsupervised.hpp"

namespace cleft {
namespace {

constexpr std::size_t rows_shown = 10;

void check_targets(const TuneOptions& options) {
  if (options.out) {
    check_output_folder(*options.out);
    check_may_replace(*options.out, options.force);
  }
  if (!options.csv) return;
  check_output_folder(*options.csv);
  check_replaces_only(*options.csv, "table of settings", is_score_csv);
}

/// Axes in place of the usual ones; none may ask for a split that search_settings would try itself.
SearchSpace space_of(const Config& config, const StoredRun& run, const TuneOptions& options) {
  std::vector<SettingAxis> given;
  for (const std::string& text : options.axes) given.push_back(parse_axis(text, "--sweep"));
  const bool splits = std::ranges::any_of(
      given, [](const SettingAxis& axis) { return axis.key.starts_with("components.split"); });
  SearchSpace space{axes_to_tune(config, run.volume, given), {}};
  if (!splits) space.split = split_axes(config, run.volume);
  return space;
}

std::vector<std::string> names_of(const std::vector<SettingAxis>& axes) {
  std::vector<std::string> names;
  for (const SettingAxis& axis : axes) names.push_back(axis.key);
  return names;
}

ScoredSetting scored(const JudgedSettings& judged, std::size_t n, const BootstrapOptions& bootstrap) {
  ScoredSetting row{{}, judged.agreements[n], bootstrap_intervals(judged.agreements[n], bootstrap), ""};
  for (std::size_t axis = 0; axis < judged.axes.size(); ++axis)
    row.values.push_back(judged.axes[axis].values[judged.settings[n].at[axis]]);
  if (n == judged.configured) row.mark = "configured";
  return row;
}

/// The best settings, the chosen one first, and the configured one.
std::string table_of(const JudgedSettings& judged, const Choice& choice, const BootstrapOptions& bootstrap) {
  std::vector<std::size_t> order(judged.settings.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto f1 = [&](std::size_t n) { return judged.agreements[n].f1().value_or(0); };
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return f1(a) != f1(b) ? f1(a) > f1(b) : a == choice.best && b != choice.best;
  });
  std::vector<ScoredSetting> rows;
  bool has_configured = false;
  for (std::size_t i = 0; i < std::min(rows_shown, order.size()); ++i) {
    rows.push_back(scored(judged, order[i], bootstrap));
    has_configured = has_configured || order[i] == judged.configured;
  }
  if (!has_configured) rows.push_back(scored(judged, judged.configured, bootstrap));
  return score_table(names_of(judged.axes), rows);
}

/// The configuration with the chosen values; those that are as configured stay as they were given.
Config with_choice(const Config& config, const JudgedSettings& judged, std::size_t chosen) {
  const GridPlace &now = judged.settings[chosen].at, &before = judged.settings[judged.configured].at;
  std::vector<std::string> assignments;
  for (std::size_t axis = 0; axis < judged.axes.size(); ++axis) {
    const std::string& value = judged.axes[axis].values[now[axis]];
    if (now[axis] != before[axis] && value != as_configured)
      assignments.push_back(judged.axes[axis].key + "=" + value);
  }
  return with_values(config, assignments, "tune");
}

/// How the best setting stands to the configured one, and what of that is luck.
std::string comparison_text(const Choice& choice) {
  return fmt::format(
      "best F1 {:.3f}, configured {:.3f}; optimism of choosing the best {:.3f}, so that it gains {:.3f}; "
      "standard error {:.3f}; by luck alone as much in {:.1f} % of cases\n",
      choice.best_f1, choice.configured_f1, choice.bias.optimism, choice.gain(), choice.bias.standard_error,
      100 * choice.bias.chance);
}

/// What was chosen and why, in one sentence.
std::string verdict(const Choice& choice, std::size_t configured, const std::vector<ChangedValue>& changes) {
  if (choice.best == configured)
    return fmt::format("kept: the configured settings (F1 {:.3f}), which no other has exceeded",
                       choice.configured_f1);
  if (choice.keeps_configured)
    return fmt::format(
        "kept: the configured settings (F1 {:.3f}), since the {:.3f} of the best of many may well be luck",
        choice.configured_f1, choice.best_f1);
  return fmt::format("changed: F1 {:.3f} instead of {:.3f}, more than luck explains: {}", choice.best_f1,
                     choice.configured_f1, changes_text(changes));
}

/// What a review cannot tell of the chosen settings, behind what was chosen; empty where it knows all that
/// they find, or the truth is none.
std::string unknown_text(const UnknownObjects& unknown) {
  if (unknown.all == 0) return "";
  return fmt::format(
      "; warning: of what these settings find, the review says nothing of {}, {} of them not found by the "
      "run "
      "that was reviewed: this F1 knows nothing of those, so judge the run that comes of it",
      counted(unknown.all, "object"), unknown.unseen);
}

/// What a truth of so few objects cannot tell.
void tell_how_sure(const JudgedSettings& judged, std::size_t chosen, const BootstrapOptions& bootstrap) {
  constexpr double wide = 0.3;
  constexpr std::int64_t few = 10;
  const Agreement& agreement = judged.agreements[chosen];
  const std::int64_t to_find = agreement.matched + agreement.missed;
  const auto interval = bootstrap_intervals(agreement, bootstrap).f1;
  if (to_find < few || (interval && interval->high - interval->low > wide))
    log::warning(
        "tune: {} to be found tell little: the F1 of the chosen settings lies anywhere from {:.2f} to "
        "{:.2f}, "
        "and settings that differ by less cannot be told apart",
        counted(to_find, "object"), interval ? interval->low : 0, interval ? interval->high : 1);
  log::info(
      "tune: these figures are of the objects that the settings were chosen by; on others expect somewhat "
      "less");
}

/// How much of the work was done once for many settings.
void tell_of_sharing(const JudgedSettings& judged, const SettingJudge& judge) {
  const auto count = std::ssize(judged.settings);
  log::info("tune: {} judged by {} in {:.1f} s: {} and {} in place of {} and {}", counted(count, "setting"),
            judge.truth_text(), judged.seconds, counted(judged.smoothings, "smoothing"),
            counted(judged.masks, "labelled mask"), count, 2 * count);
  if (judged.contradictory > 0)
    log::info("tune: {} left out that contradict themselves, such as a core_ratio below reference_ratio",
              counted(judged.contradictory, "combination"));
}

void write_config(const TuneOptions& options, const Config& config, const Config& tuned,
                  const std::string& why) {
  if (!options.out) return;
  write_file_atomically(*options.out, tuned_config_text(config, tuned, why));
  fmt::print("written: {}\n", printable(options.out->string()));
}

/// On rank 0.
void report(const Config& config, const TuneOptions& options, const JudgedSettings& judged,
            const SettingJudge& judge) {
  const BootstrapOptions& bootstrap = options.truth.bootstrap;
  const Agreement& configured = judged.agreements[judged.configured];
  if (configured.matched + configured.missed == 0)
    throw InputError({"the truth", "has nothing to be found in what is judged",
                      "one with objects there, or --unsupervised"});
  const Choice choice =
      choose_setting(judged.settings, judged.agreements, judged.outcomes, judged.configured, bootstrap);
  const std::size_t chosen = choice.chosen(judged.configured);
  const Config tuned = with_choice(config, judged, chosen);
  const std::string why = verdict(choice, judged.configured, changed_values(config, tuned)) +
                          unknown_text(judged.outcomes.unknown.at(chosen));
  tell_of_sharing(judged, judge);
  if (options.csv) {
    std::vector<ScoredSetting> rows;
    for (std::size_t n = 0; n < judged.settings.size(); ++n) rows.push_back(scored(judged, n, {0, 1}));
    write_file_atomically(*options.csv, score_csv(names_of(judged.axes), rows));
  }
  fmt::print("{}\n{}{}\n", table_of(judged, choice, bootstrap), comparison_text(choice), why);
  tell_how_sure(judged, chosen, bootstrap);
  write_config(options, config, tuned, why);
}

void tune_by_truth(const Communicator& comm, const Config& config, const TuneOptions& options,
                   const StoredRun& run, const std::stop_token& stop) {
  SearchSpace space;
  all_or_throw(comm, [&] {
    if (options.truth.bootstrap.resamplings < BootstrapOptions::min_resamplings)
      throw ConfigError({"--bootstrap", fmt::format("is {}", options.truth.bootstrap.resamplings),
                         fmt::format("at least {}: the standard error decides what is kept",
                                     BootstrapOptions::min_resamplings)});
    space = space_of(config, run, options);
  });
  const auto judge = make_judge(comm, config, options_to_judge(config, run, options.truth));
  const JudgedSettings judged = search_settings(comm, config, run, space, *judge, stop);
  all_or_throw(comm, [&] {
    if (comm.is_root()) report(config, options, judged, *judge);
  });
}

}  // namespace

void run_tune(const Communicator& comm, const Config& config, const TuneOptions& options,
              const std::stop_token& stop) {
  all_or_throw(comm, [&] {
    if (comm.is_root()) check_targets(options);
  });
  const StoredRun run = open_stored_run(comm, config, MadeFrom::what_is_configured);
  if (!options.unsupervised) return tune_by_truth(comm, config, options, run, stop);
  const Guessed guessed = guess_settings(comm, config, run, stop);
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    fmt::print("{}", guessed.reasoning);
    const Config tuned = with_values(config, guessed.assignments, "tune");
    write_config(options, config, tuned, guessed.verdict);
  });
}

}  // namespace cleft
