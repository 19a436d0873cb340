#include "pipeline/detect/detect.hpp"

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/files/atomic_file.hpp"
#include "base/files/is_there.hpp"
#include "base/files/process_memory.hpp"
#include "base/files/publish.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/counted.hpp"
#include "objects/files/synapse_file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/detect/detect_jobs.hpp"
#include "pipeline/detect/earlier_labels.hpp"
#include "pipeline/detect/earlier_probability.hpp"
#include "pipeline/detect/predict.hpp"
#include "pipeline/detect/prediction.hpp"
#include "pipeline/detect/refilter.hpp"
#include "pipeline/detect/stage_records.hpp"
#include "pipeline/detect/tell_found.hpp"
#include "pipeline/run/check_model.hpp"
#include "pipeline/run/run_directory.hpp"
#include "pipeline/run/run_record.hpp"
#include "pipeline/run/segment_settings.hpp"
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
  const DetectOptions& options;
  RunFiles files;
  VolumeFacts volume;
  const RunDirectory* directory;  // on rank 0, else null
  RunRecordFile* record;          // likewise
  std::stop_token stop;
  std::optional<PlacedMask> mask{};
  EarlierLabels earlier{};  // on rank 0, once labels_are_done has looked

  /// What a stage took of every rank. Collective.
  /// \param recipe  Of the stage's result.
  StageRecord stage_record(const json& recipe, const Prediction& plan) const {
    return {.ranks = comm.size(),
            .threads_per_rank = config.run.threads_per_rank,
            .memory_per_rank = config.run.memory_per_rank,
            .peak_memory_of_ranks = comm.all_gather(peak_resident_bytes()),
            .recipe = recipe,
            .accepted_inputs = plan.accepted_inputs,
            .finished = std::nullopt};
  }
};

void warn(const Detection& detection, const std::vector<std::string>& lines) {
  for (const std::string& line : lines)
    if (detection.comm.is_root()) log::warning("{}: {}", to_string(detection.volume.path), line);
}

void predict_and_record(const Detection& detection, const Prediction& plan) {
  const PredictJob job = plan.job_as_begun();
  if (plan.mask_came_later && detection.comm.is_root())
    log::info("predict: {} was begun without a mask, and goes on without; segment applies volume.mask",
              plan.stored.string());
  warn(detection,
       unlike_training(*plan.classifier.models.front(), detection.volume.type, detection.volume.voxel_size));
  const PredictSummary summary = predict(detection.comm, job, detection.stop);
  log::info("predict: {} in {:.1f} s ({:.2f} million voxels/s)", counted(summary.voxels, "voxel"),
            summary.seconds, narrow<double>(summary.voxels) / 1e6 / summary.seconds);
  log::debug("predict: {} of {}, {} of them found done; {:.2f} times as many voxels read as computed",
             counted(summary.blocks, "block"), to_string(summary.block), summary.resumed,
             summary.halo_overhead());
  warn(detection, unlike_training(*plan.classifier.models.front(), summary.grey));
  if (summary.not_numbers > 0) warn(detection, {line_about_not_numbers(summary)});
  const PredictRecord record = record_of(summary, detection.stage_record(job.recipe, plan));
  all_or_throw(detection.comm, [&] {
    if (detection.record != nullptr) detection.record->store(record);
  });
}

/// Checks before predict works for hours that segment will be able to go on from there. Collective.
void look_ahead_to_segment(const Detection& detection, const PredictJob& job) {
  SegmentJob after;
  all_or_throw(detection.comm,
               [&] { after = segment_job(detection.config, detection.volume, job.recipe, detection.mask); });
  check_segment_fits(detection.comm, after, {detection.volume.extent, job.type});
}

/// What is wrong with a probability of which blocks are damaged, for messages.
std::string damage_text(const ProbabilityCheck& check) {
  const std::string place = to_string(check.damaged.front());
  if (check.damaged.size() == 1) return fmt::format("is damaged in {}", place);
  return fmt::format("is damaged in {} of {}, the first {}", check.damaged.size(),
                     counted(check.blocks, "block"), place);
}

/// Reads a finished probability and compares it with its checksums. Of this run's own, damaged blocks are
/// predicted again. Collective.
void check_and_mend(const Detection& detection, const Prediction& plan) {
  const auto& file = plan.stored;
  const ProbabilityCheck check = check_probability(detection.comm, file);
  if (check.damaged.empty()) return;
  const bool mends = detection.options.stages != DetectStages::segment && !detection.config.run.probability;
  all_or_throw(detection.comm, [&] {
    if (!mends)
      throw InputError(
          {file.string(), damage_text(check),
           "what predict wrote there; cleft detect of that run, without --stage segment, predicts "
           "it again"});
    if (!detection.comm.is_root()) return;
    is_probability_done(detection.config, plan);  // else it is of another model or input, and refused
    log::warning("{}: {}; that is predicted again", file.string(), damage_text(check));
    std::filesystem::rename(file,
                            unfinished_name(file));  // an unfinished file's damaged blocks are done again
    sync_folder_of(file);
  });
  predict_and_record(detection, plan);
}

/// Whether all of a probability that is not needed any more is to be read. Rank 0 decides.
bool is_worth_checking(const Detection& detection, const Prediction& plan) {
  bool worth = false;
  all_or_throw(detection.comm, [&] {
    std::error_code missing;
    const auto bytes = std::filesystem::file_size(plan.stored, missing);
    worth = detection.comm.is_root() && !missing &&
            (detection.options.verify || bytes <= max_bytes_always_checked);
  });
  return detection.comm.broadcast(worth);
}

/// Whether labels and table are there already, of a probability of this recipe. Rank 0 decides: others may
/// see other times of change on a network file system. Collective.
bool labels_are_done(Detection& detection, const json& of_probability) {
  bool done = false;
  all_or_throw(detection.comm, [&] {
    if (!detection.comm.is_root()) return;
    const json recipe =
        segment_job(detection.config, detection.volume, of_probability, detection.mask).recipe;
    detection.earlier = look_at_labels(detection.files, recipe, detection.config.run.memory_per_rank);
    done = detection.earlier.done;
    // The same results by another way of saying so. Before the table is: where that is, run.yaml is its own.
    if (done && !detection.directory->changed_settings().empty()) detection.directory->store_configuration();
    if (detection.earlier.lost_table) write_lost_table(detection.files, detection.earlier);
  });
  return detection.comm.broadcast(done);
}

/// Whether the probability is there. Rank 0 decides. Collective.
/// \throws CollectiveError also when it is not, but nothing is to be predicted.
bool probability_is_done(const Detection& detection, const Prediction& plan) {
  bool done = false;
  all_or_throw(detection.comm, [&] {
    if (!detection.comm.is_root()) return;
    done = is_probability_done(detection.config, plan);
    if (!done && detection.options.stages == DetectStages::segment)
      throw InputError({plan.stored.string(), "there is no such file",
                        "the stored probability: run cleft detect without --stage segment first"});
    if (!done && !is_there(unfinished_name(plan.stored)) && is_there(detection.files.synapses))
      log::warning("{}: there is no such file any more; it is predicted again", plan.stored.string());
  });
  return detection.comm.broadcast(done);
}

/// Predicts, unless the probability of this model and this volume is there. Collective.
void provide_probability(const Detection& detection, const Prediction& plan) {
  const DetectStages stages = detection.options.stages;
  const bool is_done = probability_is_done(detection, plan);
  if (!is_done) {
    if (stages == DetectStages::all) look_ahead_to_segment(detection, plan.job);
    return predict_and_record(detection, plan);
  }
  // A file written or resumed by this run is verified on the way; only a finished one must be checked here.
  if (stages != DetectStages::predict || is_worth_checking(detection, plan)) check_and_mend(detection, plan);
  if (stages != DetectStages::segment) log::info("predict: done already ({})", plan.stored.string());
}

/// Makes what segment has written visible: the table last, for which look_at_labels looks. Collective.
void publish_results(const Detection& detection, Segmentation& found, const SegmentRecord& record) {
  all_or_throw(detection.comm, [&] {
    if (!detection.comm.is_root()) return;
    std::vector<UnpublishedFile> files;
    files.push_back(detection.directory->write_configuration());
    files.push_back(detection.record->write_unpublished(record));
    files.push_back(std::move(found.labels));
    files.push_back(std::move(found.table));
    const auto keep_as = name_to_keep_table(detection.files);
    EarlierFiles earlier;
    if (!keep_as.empty()) earlier.keep_last_as = keep_as;
    publish(std::move(files), std::move(earlier));
    if (!keep_as.empty()) log::info("the earlier table is kept as {}", keep_as.string());
  });
}

void tell_of_changed_settings(const Detection& detection) {
  if (detection.directory == nullptr || detection.earlier.keep_as.empty()) return;
  const auto& changed = detection.directory->changed_settings();
  if (!changed.empty())
    log::info("{}: holds a run with other values of {}: segments again", detection.files.directory.string(),
              fmt::join(changed, ", "));
}

SegmentJob job_of(const Detection& detection, const json& of_probability) {
  SegmentJob job;
  all_or_throw(detection.comm, [&] {
    job = segment_job(detection.config, detection.volume, of_probability, detection.mask);
  });
  return job;
}

/// Whether the labels that are there become those that are asked for by another core_ratio alone. Rank 0
/// decides. Collective.
bool only_core_ratio_is_new(const Detection& detection, const SegmentJob& job) {
  bool possible = false;
  all_or_throw(detection.comm, [&] {
    if (!detection.comm.is_root() || !detection.earlier.recipe) return;
    const Refiltering found = can_refilter(*detection.earlier.recipe, job.recipe,
                                           read_complete_from(detection.files.synapses), job.memory_per_rank);
    possible = found.possible;
    if (!found.why_not.empty()) log::info("segment: thresholds again, since {}", found.why_not);
  });
  return detection.comm.broadcast(possible);
}

/// Collective.
void refilter_and_publish(const Detection& detection, const Prediction& plan, const SegmentJob& job) {
  tell_of_changed_settings(detection);
  Segmentation found = refilter(detection.comm, job, detection.stop);
  SegmentRecord record;
  all_or_throw(detection.comm, [&] {
    // What was searched and how stays as it was; why components were dropped is no longer known.
    if (detection.comm.is_root()) record = read_run_record(detection.files.record).segment.value_or(record);
  });
  record.stage = detection.stage_record(job.recipe, plan);
  record.synapses = found.summary.synapses;
  record.candidates = found.summary.candidates;
  record.bytes_written = found.summary.bytes_written;
  record.write_seconds = found.summary.write_seconds;
  record.dropped.reset();
  publish_results(detection, found, record);
  log::info("segment: {} of {} that were kept, by their decisive ratio: nothing was thresholded again",
            counted(found.summary.synapses, "synapse"),
            counted(found.summary.synapses + found.summary.candidates, "object"));
  log::info(
      "segment: cores were not measured at this core_ratio: the table's core columns are empty, and an "
      "object "
      "whose core is in pieces may count as a synapse; a run into another run.directory with run.probability "
      "measures anew");
}

void segment_and_publish(const Detection& detection, const Prediction& plan) {
  tell_of_changed_settings(detection);
  const SegmentJob job = job_of(detection, plan.job.recipe);
  Segmentation found = segment(detection.comm, job, detection.stop);
  const SegmentSummary& summary = found.summary;
  if (detection.mask && summary.searched_voxels == voxel_count(detection.volume.extent))
    warn(detection, {fmt::format("the mask {} leaves nothing out: outside is where a mask is 0",
                                 to_string(detection.mask->path))});
  publish_results(detection, found, record_of(summary, detection.stage_record(job.recipe, plan)));
  for (const std::string& line : lines_about(job, summary)) log::info("{}", line);
  warn(detection, lines_about_left_whole(summary));
  log::debug("segment: blocks of {}; in the blocks {} and {}, {} of them joined over blocks",
             to_string(summary.block), counted(summary.components, "component"),
             counted(summary.cores, "core"), summary.merged_components);
}

/// Also of one that was left unfinished while it was mended.
void drop_probability(const Detection& detection) {
  all_or_throw(detection.comm, [&] {
    if (!detection.comm.is_root()) return;
    const auto& file = detection.files.probability;
    for (const auto& name : {file, unfinished_name(file)}) std::filesystem::remove(name);
  });
}

/// Whether the probability was left unfinished: by a run that was killed while it mended it, where the labels
/// are there already. Rank 0 looks. Collective.
bool is_left_unfinished(const Detection& detection, const Prediction& plan) {
  bool left = false;
  if (detection.comm.is_root()) left = !is_there(plan.stored) && is_there(unfinished_name(plan.stored));
  return detection.comm.broadcast(left);
}

/// Refuses a probability beside labels that are done which is of another input or model: somebody has put it
/// there. Rank 0 looks. Collective.
void check_is_of_this_run(const Detection& detection, const Prediction& plan) {
  all_or_throw(detection.comm, [&] {
    if (detection.comm.is_root() && is_there(plan.stored)) is_probability_done(detection.config, plan);
  });
}

/// What there is to do beside labels that are there already. Collective.
void look_after_probability(const Detection& detection, const Prediction& plan) {
  check_is_of_this_run(detection, plan);
  const bool is_own = !detection.config.run.probability;
  const bool is_kept = detection.options.stages == DetectStages::all && detection.config.run.keep_probability;
  if (is_own && is_kept && is_left_unfinished(detection, plan)) return provide_probability(detection, plan);
  if (is_worth_checking(detection, plan)) check_and_mend(detection, plan);
}

/// From grey values, or from what is there, to synapses. Collective.
void detect_synapses(Detection& detection) {
  const DetectStages stages = detection.options.stages;
  detection.mask = find_mask(detection.comm, detection.config, detection.volume);
  const Prediction plan =
      plan_prediction(detection.comm, detection.config, detection.options, detection.volume, detection.mask);
  if (stages == DetectStages::predict) return provide_probability(detection, plan);
  if (labels_are_done(detection, plan.of_labels)) {
    look_after_probability(detection, plan);
    log::info("detect: done already ({})", detection.files.synapses.string());
  } else if (const SegmentJob job = job_of(detection, plan.of_labels);
             only_core_ratio_is_new(detection, job)) {
    refilter_and_publish(detection, plan, job);
    look_after_probability(detection, plan);
  } else {
    provide_probability(detection, plan);
    segment_and_publish(detection, plan);
  }
  if (stages == DetectStages::all && !detection.config.run.keep_probability) drop_probability(detection);
}

}  // namespace

void run_detect(const Communicator& comm, const Config& config, const DetectOptions& options,
                const std::stop_token& stop) {
  Detection detection{comm, config, options, RunFiles(config.run.directory), {}, nullptr, nullptr, stop};
  std::optional<RunDirectory> directory;
  std::optional<RunRecordFile> record;
  all_or_throw(comm, [&] {
    check_sources(config, options.stages);
    detection.volume = look_at_volume(config);
    if (options.stages != DetectStages::predict) segment_settings(config, detection.volume);
    if (!comm.is_root()) return;
    for (const std::string& line : doubts_about(detection.volume))
      log::warning("{}: {}", to_string(detection.volume.path), line);
    directory.emplace(config);
    detection.directory = &*directory;
    record.emplace(detection.files.record);
    detection.record = &*record;
    const auto wide = wide_smoothing(config, detection.volume);
    if (wide && options.stages != DetectStages::predict) log::warning("{}", *wide);
  });

  detect_synapses(detection);
  all_or_throw(comm, [&] {
    // The same results, perhaps of inputs that have moved or with other threads: run.yaml says so now.
    if (comm.is_root() && (options.stages != DetectStages::predict || directory->changed_settings().empty()))
      directory->store_configuration();
  });
  if (!comm.is_root()) return;
  if (options.stages == DetectStages::predict)
    fmt::print("probability: {}\n", printable(detection.files.probability.string()));
  else
    fmt::print("synapses: {}\nlabels:   {}\n", printable(detection.files.table.string()),
               printable(detection.files.synapses.string()));
}

}  // namespace cleft
