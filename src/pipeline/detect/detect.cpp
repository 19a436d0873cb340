#include "pipeline/detect/detect.hpp"

#include <filesystem>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/files/atomic_file.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "io/h5/origin.hpp"
#include "parallel/agree.hpp"
#include "pipeline/detect/detect_jobs.hpp"
#include "pipeline/run/check_model.hpp"
#include "pipeline/run/classifier.hpp"
#include "pipeline/run/memory.hpp"
#include "pipeline/run/provenance.hpp"
#include "pipeline/run/run_directory.hpp"
#include "pipeline/run/volume_mask.hpp"
#include "probability/distributed/probability_file.hpp"

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
  Provenance* provenance;         // likewise

  /// Writes a stage's section of run.json once it is done, with what it took of every rank. Collective.
  void record(const std::string& section, json content) const {
    content["ranks"] = comm.size();
    content["threads_per_rank"] = config.run.threads_per_rank;
    content["memory_per_rank"] = config.run.memory_per_rank;
    content["peak_memory_of_ranks"] = comm.all_gather(peak_resident_bytes());
    all_or_throw(comm, [&] {
      if (provenance != nullptr) provenance->set(section, content);
    });
  }
};

json extent_json(const Extent& e) {
  return {e.z, e.y, e.x};
}

json merge_json(const MergeStatistics& s) {
  return {{"phases", s.phases}, {"exchanges", s.traffic.exchanges}, {"bytes_sent", s.traffic.bytes_sent}};
}

/// Whether the probability is there already. Rank 0 decides: others may see other times of change on a
/// network file system.
/// \throws ConfigError when what is there was made from something else.
bool probability_is_done(const Detection& detection, const json& origin) {
  bool done = false;
  all_or_throw(detection.comm, [&] {
    if (!detection.comm.is_root()) return;
    for (const auto& file : {detection.files.probability, unfinished_name(detection.files.probability)}) {
      if (!std::filesystem::exists(file)) continue;
      const auto differing =
          differing_parts(read_origin(h5::File::open_read(file).dataset(probability_dataset)), origin);
      if (!differing.empty())
        throw ConfigError({file.string(), fmt::format("was made from another {}", fmt::join(differing, ", ")),
                           "the same as now, or another run.directory"});
      done = done || file == detection.files.probability;
    }
  });
  return detection.comm.broadcast(done);
}

/// Whether labels and table are there already that were made from a probability of this origin. Rank 0
/// decides, as above.
bool labels_are_done(const Detection& detection, const json& of_probability) {
  bool done = false;
  all_or_throw(detection.comm, [&] {
    if (!detection.comm.is_root()) return;
    const json origin = segment_job(detection.config, detection.volume, of_probability).origin;
    const auto& files = detection.files;
    done = std::filesystem::exists(files.synapses) && std::filesystem::exists(files.table) &&
           differing_parts(read_origin(h5::File::open_read(files.synapses)), origin).empty();
  });
  return detection.comm.broadcast(done);
}

/// What predict is to do, and what that refers to.
struct Prediction {
  Classifier classifier;
  PredictJob job;
};

std::unique_ptr<const Prediction> plan_prediction(const Detection& detection, DetectStages stages) {
  auto plan = std::make_unique<Prediction>();
  plan->classifier = load_classifier(detection.comm, detection.config, detection.volume);
  const auto mask = find_mask(detection.comm, detection.config, detection.volume);
  all_or_throw(detection.comm, [&] {
    if (stages != DetectStages::predict)
      check_foreground(detection.config, plan->classifier.models.back().classes);
    plan->job = predict_job(detection.config, detection.volume, plan->classifier, mask);
  });
  return plan;
}

void warn(const Detection& detection, const std::vector<std::string>& lines) {
  for (const std::string& line : lines)
    if (detection.comm.is_root()) log::warning("{}: {}", to_string(detection.volume.path), line);
}

void predict_and_record(const Detection& detection, const Prediction& plan) {
  const PredictJob& job = plan.job;
  warn(detection,
       unlike_training(plan.classifier.models.front(), detection.volume.type, detection.volume.voxel_size));
  const PredictSummary summary = predict(detection.comm, job);
  log::info("predict: {} voxels in {:.1f} s ({:.2f} Mvoxels/s), {:.2f} times as many read with the halo",
            summary.voxels, summary.seconds, narrow<double>(summary.voxels) / 1e6 / summary.seconds,
            summary.halo_overhead());
  warn(detection, unlike_training(plan.classifier.models.front(), summary.grey, summary.not_numbers));
  detection.record("predict", {{"seconds", summary.seconds},
                               {"blocks", summary.blocks},
                               {"blocks_resumed", summary.resumed},
                               {"block", extent_json(summary.block)},
                               {"voxels", summary.voxels},
                               {"voxels_with_halo", summary.padded_voxels},
                               {"halo_overhead", summary.halo_overhead()},
                               {"bytes", {{"read", summary.bytes_read}, {"written", summary.bytes_written}}},
                               {"origin", job.origin}});
}

/// Before predict works for hours: segment must be able to go on from there.
void look_ahead_to_segment(const Detection& detection, const PredictJob& job) {
  SegmentJob after;
  all_or_throw(detection.comm, [&] { after = segment_job(detection.config, detection.volume, job.origin); });
  check_segment_fits(detection.comm, after, {detection.volume.extent, job.type});
}

/// Sees to it that the probability of today's model and volume is there.
/// \returns  Its origin, for segment; nothing when there is nothing to segment (any more).
std::optional<json> probability_to_segment(const Detection& detection, DetectStages stages) {
  const auto plan = plan_prediction(detection, stages);
  const PredictJob& job = plan->job;
  if (stages != DetectStages::predict && labels_are_done(detection, job.origin)) {
    log::info("detect: done already ({})", detection.files.synapses.string());
    return std::nullopt;
  }
  const bool is_done = probability_is_done(detection, job.origin);
  // What this run writes or goes on with is checked as it is written or gone on with.
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
    predict_and_record(detection, *plan);
  }
  return stages == DetectStages::predict ? std::nullopt : std::optional(job.origin);
}

/// What keeps a run without synapses from having any, as far as its counts tell.
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

void segment_and_record(const Detection& detection, const json& of_probability) {
  SegmentJob job;
  all_or_throw(detection.comm, [&] {
    job = segment_job(detection.config, detection.volume, of_probability);
    if (detection.directory != nullptr)
      job.before_publishing = [&detection] { detection.directory->store_configuration(); };
  });
  const SegmentSummary summary = segment(detection.comm, job);
  log::info(
      "segment: {} in {:.1f} s", counted(summary.synapses, "synapse"),
      summary.threshold_seconds + summary.merge_seconds + summary.combine_seconds + summary.write_seconds);
  if (summary.synapses == 0) log::info("segment: {}", why_none(job, summary));
  detection.record("segment", {{"synapses", summary.synapses},
                               {"block", extent_json(summary.block)},
                               {"components_in_blocks", summary.components},
                               {"cores_in_blocks", summary.cores},
                               {"components_merged", summary.merged_components},
                               {"merge", merge_json(summary.reference_merge)},
                               {"core_merge", merge_json(summary.core_merge)},
                               {"bytes", {{"read", summary.bytes_read}, {"written", summary.bytes_written}}},
                               {"seconds",
                                {{"threshold", summary.threshold_seconds},
                                 {"merge", summary.merge_seconds},
                                 {"combine", summary.combine_seconds},
                                 {"write", summary.write_seconds}}},
                               {"origin", job.origin}});
}

void drop_probability(const Detection& detection) {
  all_or_throw(detection.comm, [&] {
    if (detection.comm.is_root()) std::filesystem::remove(detection.files.probability);
  });
}

}  // namespace

void run_detect(const Communicator& comm, const Config& config, DetectStages stages) {
  Detection detection{comm, config, RunFiles(config.run.directory), {}, nullptr, nullptr};
  std::optional<RunDirectory> directory;
  std::optional<Provenance> provenance;
  all_or_throw(comm, [&] {
    detection.volume = look_at_volume(config);
    if (stages != DetectStages::predict) check_segment_settings(config, detection.volume);
    if (!comm.is_root()) return;
    directory.emplace(config,
                      stages == DetectStages::segment ? MayDiffer::segmentation_too : MayDiffer::how_it_runs);
    detection.directory = &*directory;
    provenance.emplace(detection.files.provenance);
    detection.provenance = &*provenance;
  });

  if (const auto origin = probability_to_segment(detection, stages)) segment_and_record(detection, *origin);
  if (stages == DetectStages::all && !config.run.keep_probability) drop_probability(detection);
  if (!comm.is_root()) return;
  if (stages == DetectStages::predict)
    fmt::print("probability: {}\n", detection.files.probability.string());
  else
    fmt::print("synapses: {}\nlabels:   {}\n", detection.files.table.string(),
               detection.files.synapses.string());
}

}  // namespace cleft
