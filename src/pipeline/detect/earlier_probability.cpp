#include "pipeline/detect/earlier_probability.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/is_there.hpp"
#include "base/files/regular_file.hpp"
#include "pipeline/detect/detect_jobs.hpp"
#include "pipeline/detect/earlier_labels.hpp"
#include "pipeline/run/run_files.hpp"
#include "probability/files/stored_probability.hpp"

namespace cleft {
namespace {

using nlohmann::json;

/// Refuses what was made from something else than it would be made from now.
/// \param file    That `stored` is the recipe of.
/// \param wanted  The recipe of the probability.
void check_recipe(const std::filesystem::path& file, const json& stored, const json& wanted,
                  const std::string& way_out) {
  const auto differing = differences_of_probability(stored, wanted);
  if (differing.empty()) return;
  // An input can be accepted in the place of another one, not in the place of none.
  const bool is_other_input = std::all_of(differing.begin(), differing.end(), [&](const std::string& part) {
    return part.starts_with("volume (") || (part.starts_with("mask (") && wanted.contains("mask"));
  });
  const std::string expected =
      is_other_input ? fmt::format("the same{}, or --accept-input if it means the same", way_out)
                     : fmt::format("the same {}{}", fmt::join(differing, ", "), way_out);
  throw ConfigError(
      {file.string(), fmt::format("was made from another {}", fmt::join(differing, ", ")), expected});
}

void check_finished(const std::filesystem::path& file, const PredictJob& job, const std::string& way_out) {
  check_recipe(file, read_probability_recipe(file), job.recipe, way_out);
  const auto& extent = job.recipe.at("extent");
  check_holds(file, {extent.at(0), extent.at(1), extent.at(2)}, job.type, job.stored_classes.size());
}

void check_other_run(const std::filesystem::path& file, const PredictJob& job) {
  if (!is_there(file) && is_there(unfinished_name(file))) {
    const BlocksDone blocks = count_blocks_done(unfinished_name(file));
    throw InputError({unfinished_name(file).string(),
                      fmt::format("is unfinished, {} of {} blocks are done", blocks.done, blocks.all),
                      "run.probability of a finished run"});
  }
  check_regular_file(file, "the stored probability of a finished run (run.probability)");
  check_finished(file, job, ", or another run.probability");
}

/// Adds the way out to what is said of a file of this run that is damaged beyond its blocks.
void check_sound(const std::filesystem::path& file, const std::function<void()>& check) {
  try {
    check();
  } catch (const InputError& damage) {
    throw InputError({file.string(), fmt::format("cannot be gone on with ({})", damage.what()),
                      "what predict wrote there; remove it, and cleft detect predicts anew"});
  }
}

}  // namespace

void check_sources(const Config& config, DetectStages stages) {
  if (!config.run.probability) return;
  if (stages == DetectStages::predict)
    throw ConfigError({config.subject("run.probability"), "is given, so there is nothing to predict",
                       "no run.probability, or another --stage"});
  const RunFiles own(config.run.directory);
  for (const auto& file : {own.probability, unfinished_name(own.probability)})
    if (is_there(file))
      throw ConfigError({config.subject("run.probability"),
                         fmt::format("is given, but the run has a probability of its own, {}", file.string()),
                         "no run.probability, or another run.directory"});
}

bool is_probability_done(const Config& config, const Prediction& plan) {
  const PredictJob& job = plan.job;
  const auto& stored = plan.stored;
  if (config.run.probability) {
    check_other_run(stored, job);
    return true;
  }
  const std::string way_out =
      fmt::format(" as before, another run.directory, or remove {}", stored.parent_path().string());
  if (is_there(stored)) {
    check_sound(stored, [&] { check_finished(stored, job, way_out); });
    return true;
  }
  const auto unfinished = unfinished_name(stored);
  const RunFiles files(config.run.directory);
  if (is_there(unfinished))
    check_sound(unfinished,
                [&] { check_recipe(unfinished, read_probability_recipe(unfinished), job.recipe, way_out); });
  else if (const auto of_labels = probability_of_labels(files))
    check_recipe(files.synapses, *of_labels, plan.of_labels, way_out);
  return false;
}

}  // namespace cleft
