#include "pipeline/detect/detect.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/files/atomic_file.hpp"
#include "base/files/process_memory.hpp"
#include "base/files/publish.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/recipe.hpp"
#include "base/text/counted.hpp"
#include "objects/files/synapse_file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/detect/detect_jobs.hpp"
#include "pipeline/detect/predict.hpp"
#include "pipeline/run/check_model.hpp"
#include "pipeline/run/run_directory.hpp"
#include "pipeline/run/run_record.hpp"
#include "pipeline/run/segment_settings.hpp"
#include "pipeline/run/shared_classifier.hpp"
#include "pipeline/run/volume_mask.hpp"
#include "probability/distributed/probability_file.hpp"
#include "probability/files/stored_probability.hpp"

namespace cleft {
namespace {

using nlohmann::json;

/// What the steps of one detect share.
struct Detection {
  const Communicator& comm;
  const Config& config;
  RunFiles files;
  VolumeFacts volume;
  const RunDirectory* directory;  // on rank 0, else null
  RunRecordFile* record;          // likewise
  std::stop_token stop;
  OtherInput other_input = OtherInput::refuse;

  /// What a stage took of every rank. Collective.
  StageRecord stage_record(const json& recipe) const {
    return {.ranks = comm.size(),
            .threads_per_rank = config.run.threads_per_rank,
            .memory_per_rank = config.run.memory_per_rank,
            .peak_memory_of_ranks = comm.all_gather(peak_resident_bytes()),
            .recipe = recipe,
            .finished = std::nullopt};
  }
};

MergeRecord record_of(const MergeStatistics& s) {
  return {.phases = s.phases,
          .exchanges = s.traffic.exchanges,
          .bytes_sent = narrow<std::int64_t>(s.traffic.bytes_sent)};
}

PredictRecord record_of(const PredictSummary& s, StageRecord stage) {
  return {.stage = std::move(stage),
          .seconds = s.seconds,
          .blocks = s.blocks,
          .blocks_resumed = s.resumed,
          .block = s.block,
          .voxels = s.voxels,
          .voxels_with_halo = s.padded_voxels,
          .halo_overhead = s.halo_overhead(),
          .bytes_read = s.bytes_read,
          .bytes_written = s.bytes_written};
}

SegmentRecord record_of(const SegmentSummary& s, StageRecord stage) {
  return {.stage = std::move(stage),
          .synapses = s.synapses,
          .block = s.block,
          .components_in_blocks = s.components,
          .cores_in_blocks = s.cores,
          .components_merged = s.merged_components,
          .merge = record_of(s.reference_merge),
          .core_merge = record_of(s.core_merge),
          .bytes_read = s.bytes_read,
          .bytes_written = s.bytes_written,
          .threshold_seconds = s.threshold_seconds,
          .merge_seconds = s.merge_seconds,
          .combine_seconds = s.combine_seconds,
          .write_seconds = s.write_seconds};
}

/// What to do where results were made from something else.
std::string expected_instead(const std::vector<std::string>& differing) {
  const bool is_input = std::all_of(differing.begin(), differing.end(), [](const std::string& part) {
    return part.starts_with("volume") || part.starts_with("mask (");
  });
  return is_input ? "the same one, another run.directory, or --accept-input if it means the same"
                  : "the same as now, or another run.directory";
}

/// The recipe of the probability that a run directory has or had; nothing where there is none yet.
std::optional<json> stored_recipe(const RunFiles& files) {
  for (const auto& file : {files.probability, unfinished_name(files.probability)})
    if (std::filesystem::exists(file)) return read_probability_recipe(file);
  if (!std::filesystem::exists(files.synapses) || !std::filesystem::exists(files.table)) return std::nullopt;
  const json recipe = read_synapse_recipe(files.synapses);
  return recipe.contains("probability") ? std::optional(recipe["probability"]) : std::nullopt;
}

/// Lets a job go on with what is there where that means the same input. Rank 0 looks. Collective.
void go_on_with_stored(const Detection& detection, PredictJob& job) {
  std::string text;
  all_or_throw(detection.comm, [&] {
    if (!detection.comm.is_root()) return;
    const auto stored = stored_recipe(detection.files);
    if (stored)
      job.recipe = recipe_to_go_on_with(*stored, job.recipe, job.volume, job.mask, detection.other_input);
    text = job.recipe.dump();
  });
  job.recipe = json::parse(detection.comm.broadcast(text));
}

/// Whether the probability is there already. Rank 0 decides: others may see other times of change on a
/// network file system.
/// \throws ConfigError when what is there was made from something else.
bool probability_is_done(const Detection& detection, const json& recipe) {
  bool done = false;
  all_or_throw(detection.comm, [&] {
    if (!detection.comm.is_root()) return;
    for (const auto& file : {detection.files.probability, unfinished_name(detection.files.probability)}) {
      if (!std::filesystem::exists(file)) continue;
      const auto differing = differences_in_words(read_probability_recipe(file), recipe);
      if (!differing.empty())
        throw ConfigError({file.string(), fmt::format("was made from another {}", fmt::join(differing, ", ")),
                           expected_instead(differing)});
      done = done || file == detection.files.probability;
    }
  });
  return detection.comm.broadcast(done);
}

/// Whether labels and table are there already that were made from a probability of this recipe. Rank 0
/// decides, as above.
bool labels_are_done(const Detection& detection, const json& of_probability) {
  bool done = false;
  all_or_throw(detection.comm, [&] {
    if (!detection.comm.is_root()) return;
    const json recipe = segment_job(detection.config, detection.volume, of_probability).recipe;
    const auto& files = detection.files;
    done = std::filesystem::exists(files.synapses) && std::filesystem::exists(files.table) &&
           differing_parts(read_synapse_recipe(files.synapses), recipe).empty();
  });
  return detection.comm.broadcast(done);
}

/// What predict is to do, and with which classifier.
struct Prediction {
  Classifier classifier;
  PredictJob job;
};

/// Collective.
Prediction plan_prediction(const Detection& detection, DetectStages stages) {
  Prediction plan;
  plan.classifier = load_classifier(detection.comm, detection.config, detection.volume);
  const auto mask = find_mask(detection.comm, detection.config, detection.volume);
  const InputIdentities inputs = identify_inputs(detection.comm, detection.volume.path, mask);
  all_or_throw(detection.comm, [&] {
    if (stages != DetectStages::predict) check_foreground(detection.config, plan.classifier.classes());
    plan.job = predict_job(detection.config, detection.volume, plan.classifier, mask, inputs);
  });
  go_on_with_stored(detection, plan.job);
  return plan;
}

void warn(const Detection& detection, const std::vector<std::string>& lines) {
  for (const std::string& line : lines)
    if (detection.comm.is_root()) log::warning("{}: {}", to_string(detection.volume.path), line);
}

void predict_and_record(const Detection& detection, const Prediction& plan) {
  const PredictJob& job = plan.job;
  warn(detection,
       unlike_training(*plan.classifier.models.front(), detection.volume.type, detection.volume.voxel_size));
  const PredictSummary summary = predict(detection.comm, job, detection.stop);
  log::info("predict: {} voxels in {:.1f} s ({:.2f} Mvoxels/s), {:.2f} times as many read with the halo",
            summary.voxels, summary.seconds, narrow<double>(summary.voxels) / 1e6 / summary.seconds,
            summary.halo_overhead());
  warn(detection, unlike_training(*plan.classifier.models.front(), summary.grey, summary.not_numbers));
  const PredictRecord record = record_of(summary, detection.stage_record(job.recipe));
  all_or_throw(detection.comm, [&] {
    if (detection.record != nullptr) detection.record->store(record);
  });
}

/// Checks before predict works for hours that segment will be able to go on from there. Collective.
void look_ahead_to_segment(const Detection& detection, const PredictJob& job) {
  SegmentJob after;
  all_or_throw(detection.comm, [&] { after = segment_job(detection.config, detection.volume, job.recipe); });
  check_segment_fits(detection.comm, after, {detection.volume.extent, job.type});
}

/// Predicts, unless the probability of this model and this volume is there. Collective.
/// \returns  Its recipe, for segment; nothing when there is nothing to segment (any more).
std::optional<json> probability_to_segment(const Detection& detection, DetectStages stages) {
  const Prediction plan = plan_prediction(detection, stages);
  const PredictJob& job = plan.job;
  if (stages != DetectStages::predict && labels_are_done(detection, job.recipe)) {
    log::info("detect: done already ({})", detection.files.synapses.string());
    return std::nullopt;
  }
  const bool is_done = probability_is_done(detection, job.recipe);
  // A file written or resumed by this run is verified on the way; only a finished one must be checked here.
  if (is_done && stages != DetectStages::predict) check_probability(detection.comm, job.probability);
  if (stages == DetectStages::segment) {
    all_or_throw(detection.comm, [&] {
      if (!is_done)
        throw InputError({job.probability.string(), "is not there",
                          "the stored probability: run cleft detect without --stage segment first"});
    });
  } else if (is_done) {
    log::info("predict: done already ({})", job.probability.string());
  } else {
    if (stages == DetectStages::all) look_ahead_to_segment(detection, job);
    predict_and_record(detection, plan);
  }
  return stages == DetectStages::predict ? std::nullopt : std::optional(job.recipe);
}

/// Why segment found no synapse, as far as its counts tell.
std::string why_none(const SegmentJob& job, const SegmentSummary& summary) {
  const auto& threshold = job.threshold.options;
  if (summary.components == 0)
    return fmt::format("nowhere is '{}' more than {} times as likely as the rest (threshold.reference_ratio)",
                       threshold.foreground, threshold.reference_ratio);
  const std::string components = counted(summary.components, "component");
  if (summary.cores == 0)
    return fmt::format("{} in the blocks, none with a core (threshold.core_ratio = {})", components,
                       threshold.core_ratio);
  return fmt::format("{} and {} in the blocks, none of {} to {} voxels (filter)", components,
                     counted(summary.cores, "core"), job.bounds.min, job.bounds.max);
}

/// Makes what segment has written visible: the table last, for which labels_are_done looks. Collective.
void publish_results(const Detection& detection, Segmentation& found, const SegmentRecord& record) {
  all_or_throw(detection.comm, [&] {
    if (!detection.comm.is_root()) return;
    std::vector<UnpublishedFile> files;
    files.push_back(detection.directory->write_configuration());
    files.push_back(detection.record->write_unpublished(record));
    files.push_back(std::move(found.labels));
    files.push_back(std::move(found.table));
    publish(std::move(files));
  });
}

void segment_and_publish(const Detection& detection, const json& of_probability) {
  SegmentJob job;
  all_or_throw(detection.comm,
               [&] { job = segment_job(detection.config, detection.volume, of_probability); });
  Segmentation found = segment(detection.comm, job, detection.stop);
  const SegmentSummary& summary = found.summary;
  publish_results(detection, found, record_of(summary, detection.stage_record(job.recipe)));
  log::info(
      "segment: {} in {:.1f} s", counted(summary.synapses, "synapse"),
      summary.threshold_seconds + summary.merge_seconds + summary.combine_seconds + summary.write_seconds);
  if (summary.synapses == 0) log::info("segment: {}", why_none(job, summary));
}

void drop_probability(const Detection& detection) {
  all_or_throw(detection.comm, [&] {
    if (detection.comm.is_root()) std::filesystem::remove(detection.files.probability);
  });
}

}  // namespace

void run_detect(const Communicator& comm, const Config& config, DetectStages stages,
                const std::stop_token& stop, OtherInput other) {
  Detection detection{comm, config, RunFiles(config.run.directory), {}, nullptr, nullptr, stop, other};
  std::optional<RunDirectory> directory;
  std::optional<RunRecordFile> record;
  all_or_throw(comm, [&] {
    detection.volume = look_at_volume(config);
    if (stages != DetectStages::predict) segment_settings(config, detection.volume);
    if (!comm.is_root()) return;
    directory.emplace(config,
                      stages == DetectStages::segment ? MayDiffer::segmentation_too : MayDiffer::how_it_runs);
    detection.directory = &*directory;
    record.emplace(detection.files.record);
    detection.record = &*record;
  });

  if (const auto recipe = probability_to_segment(detection, stages)) segment_and_publish(detection, *recipe);
  if (stages == DetectStages::all && !config.run.keep_probability) drop_probability(detection);
  if (!comm.is_root()) return;
  if (stages == DetectStages::predict)
    fmt::print("probability: {}\n", detection.files.probability.string());
  else
    fmt::print("synapses: {}\nlabels:   {}\n", detection.files.table.string(),
               detection.files.synapses.string());
}

}  // namespace cleft
