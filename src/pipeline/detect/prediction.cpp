#include "pipeline/detect/prediction.hpp"

#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/file_stamp.hpp"
#include "base/files/is_there.hpp"
#include "base/log.hpp"
#include "parallel/agree.hpp"
#include "pipeline/detect/detect_jobs.hpp"
#include "pipeline/detect/earlier_labels.hpp"
#include "pipeline/run/run_files.hpp"
#include "pipeline/run/shared_classifier.hpp"
#include "probability/files/stored_probability.hpp"

namespace cleft {
namespace {

using nlohmann::json;

/// A result that an earlier run has left, and what the probability was made from that it is, or was made of.
struct EarlierResult {
  std::filesystem::path file;
  json recipe;
};

/// The probability that is there, finished or not; nothing where there is none or it cannot be read: that is
/// told where it is gone on with.
std::optional<EarlierResult> earlier_probability(const std::filesystem::path& stored) {
  try {
    for (const auto& file : {stored, unfinished_name(stored)})
      if (is_there(file)) return EarlierResult{file, read_probability_recipe(file)};
    return std::nullopt;
  } catch (const InputError&) {
    return std::nullopt;
  }
}

std::optional<EarlierResult> earlier_labels(const RunFiles& files) {
  const auto recipe = probability_of_labels(files);
  return recipe ? std::optional(EarlierResult{files.synapses, *recipe}) : std::nullopt;
}

/// An input of which only places are compared may have changed between them. Its time tells, though a copy
/// may have a new one as well.
void warn_if_newer(const VolumePath& input, const InputIdentity& identity, const EarlierResult& result) {
  if (!identity.sampled || identity.changed <= stamp_of(result.file).seconds) return;
  log::warning(
      "{}: was written to, or copied, after {}; it is the same at the places that are compared, but if it "
      "has "
      "changed elsewhere, another run.directory is needed",
      to_string(input), result.file.string());
}

/// Lets a job go on with what is there where that means the same input. For rank 0.
void go_on_with_earlier(const Config& config, const DetectOptions& options, const InputIdentities& inputs,
                        Prediction& plan) {
  PredictJob& job = plan.job;
  const auto mask = job.mask ? std::optional(job.mask->path) : std::nullopt;
  const auto in_words_of = [&](const EarlierResult& earlier) {
    warn_if_newer(job.volume, inputs.volume, earlier);
    if (mask && inputs.mask && earlier.recipe.contains("mask")) warn_if_newer(*mask, *inputs.mask, earlier);
    return go_on_with(earlier.recipe, job.recipe, job.volume, mask, options.other_input);
  };
  if (const auto probability = earlier_probability(plan.stored)) {
    Continuation continued = in_words_of(*probability);
    job.recipe = std::move(continued.recipe);
    plan.accepted_inputs = std::move(continued.accepted);
    plan.of_labels = job.recipe;
    plan.mask_came_later = job.mask && !probability->recipe.contains("mask");
    return;
  }
  // What is predicted now is of the inputs that are there now, whatever was accepted for the labels.
  const auto labels = earlier_labels(RunFiles(config.run.directory));
  plan.of_labels = labels ? in_words_of(*labels).recipe : job.recipe;
}

}  // namespace

PredictJob Prediction::job_as_begun() const {
  PredictJob begun = job;
  if (!mask_came_later) return begun;
  begun.mask.reset();
  begun.recipe.erase("mask");
  return begun;
}

Prediction plan_prediction(const Communicator& comm, const Config& config, const DetectOptions& options,
                           const VolumeFacts& volume, const std::optional<PlacedMask>& mask) {
  Prediction plan;
  plan.classifier = load_classifier(comm, config, volume);
  const InputIdentities inputs =
      identify_inputs(comm, volume.path, mask ? std::optional(mask->path) : std::nullopt);
  std::string text;
  all_or_throw(comm, [&] {
    if (options.stages != DetectStages::predict) check_foreground(config, plan.classifier.classes());
    plan.job = predict_job(config, volume, plan.classifier, mask, inputs);
    plan.stored = probability_to_segment(config);
    if (!comm.is_root()) return;
    go_on_with_earlier(config, options, inputs, plan);
    text = json::array({plan.job.recipe, plan.of_labels, plan.mask_came_later}).dump();
  });
  const json decided = json::parse(comm.broadcast(text));
  plan.job.recipe = decided[0];
  plan.of_labels = decided[1];
  plan.mask_came_later = decided[2];
  return plan;
}

}  // namespace cleft
