#include "pipeline/detect.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/atomic_file.hpp"
#include "base/log.hpp"
#include "config/resolve.hpp"
#include "forest/model_file.hpp"
#include "io/origin.hpp"
#include "parallel/agree.hpp"
#include "parallel/serialize.hpp"
#include "pipeline/memory.hpp"
#include "pipeline/predict.hpp"
#include "pipeline/provenance.hpp"
#include "pipeline/run_directory.hpp"
#include "pipeline/segment.hpp"
#include "probability/probability_file.hpp"

namespace cleft {
namespace {

using nlohmann::json;

struct VolumeFacts {
  VolumePath path;
  Extent extent;
  std::optional<VoxelSize> voxel_size;
};

VolumeFacts look_at_volume(const Config& config) {
  const VolumeReader reader(volume_path(config));
  switch (reader.type()) {
    case ElementType::uint8:
    case ElementType::uint16:
    case ElementType::float32:
      break;
    default:
      throw InputError({to_string(reader.path()), "holds " + to_string(reader.type()) + " values",
                        "uint8, uint16 or float32 grey values"});
  }
  return {reader.path(), reader.extent(), resolve_voxel_size(config, reader.path(), reader.voxel_size())};
}

/// Segment's settings in voxels, looked at before predict works for hours towards a segment that cannot be.
void check_segment_settings(const Config& config, const VolumeFacts& volume) {
  sigma_in_voxels(config.threshold, volume.voxel_size);
  size_bounds(config.filter, volume.voxel_size);
}

/// What the steps of one detect share.
struct Detection {
  const Communicator& comm;
  const Config& config;
  RunFiles files;
  VolumeFacts volume;
  Provenance* provenance;  // on rank 0, else null

  /// Writes a section of run.json. Collective.
  void record(const std::string& section, const json& content) const {
    all_or_throw(comm, [&] {
      if (provenance != nullptr) provenance->set(section, content);
    });
  }
  /// Whether a file is there, as rank 0 sees it: on a shared file system the others may see it late.
  /// Collective.
  bool exists(const std::filesystem::path& file) const {
    return comm.broadcast(std::filesystem::exists(file));
  }
};

/// Read and checked by rank 0, sent to the others.
Model load_model(const Detection& detection) {
  Model model;
  all_or_throw(detection.comm, [&] {
    if (detection.comm.is_root()) model = read_model(model_path(detection.config));
  });
  return broadcast_archive(detection.comm, std::move(model));
}

bool was_given(const Config& config, const std::string& section) {
  return std::any_of(config.origins.begin(), config.origins.end(), [&](const auto& origin) {
    return origin.first == section || origin.first.starts_with(section + ".");
  });
}

/// Detect takes classes and features from the model; a configuration that states others is about another
/// model.
void check_model_is_meant(const Config& config, const Model& model, const FeatureSet& of_model) {
  if (was_given(config, "classes") && config.classes != model.classes)
    throw ConfigError({config.subject("classes"), fmt::format("are {}", fmt::join(config.classes, ", ")),
                       fmt::format("those of the model: {}", fmt::join(model.classes, ", "))});
  if (!was_given(config, "features")) return;
  const FeatureSet stated(config.features, model.voxel_size);
  if (stated.channel_names() != of_model.channel_names())
    throw ConfigError({model_path(config).string(),
                       fmt::format("was trained on {} other channels than the {} of features",
                                   of_model.channel_count(), stated.channel_count()),
                       "the same features as in training, or none stated"});
}

std::size_t foreground_class(const Config& config, const Model& model) {
  const auto found = std::find(model.classes.begin(), model.classes.end(), config.threshold.foreground);
  if (found != model.classes.end()) return static_cast<std::size_t>(found - model.classes.begin());
  throw ConfigError({config.subject("threshold.foreground"),
                     fmt::format("is '{}'", config.threshold.foreground),
                     fmt::format("a class of the model: {}", fmt::join(model.classes, ", "))});
}

/// Which classes are stored: the foreground alone or all.
std::vector<std::size_t> stored_classes(const Config& config, const Model& model) {
  const std::size_t foreground = foreground_class(config, model);
  if (config.predict.classes == StoredClasses::foreground) return {foreground};
  std::vector<std::size_t> all(model.classes.size());
  for (std::size_t c = 0; c < all.size(); ++c) all[c] = c;
  return all;
}

json extent_json(const Extent& e) {
  return {e.z, e.y, e.x};
}

/// The volume and the mask count by their names, sizes and times of change, the model by its content.
json probability_origin(const PredictJob& job, const Model& model) {
  json origin{{"volume", file_fingerprint(job.volume.file)},
              {"dataset", job.volume.dataset},
              {"model", fmt::format("{:016x}", model.checksum)},
              {"classes", json::array()},
              {"dtype", to_string(job.type)}};
  for (const auto c : job.stored_classes) origin["classes"].push_back(job.classes[c]);
  if (job.mask) origin["mask"] = {file_fingerprint(job.mask->file), job.mask->dataset};
  return origin;
}

json labels_origin(const SegmentJob& job, const json& of_probability) {
  const auto& threshold = job.threshold;
  return {{"probability", of_probability},
          {"foreground", threshold.options.foreground},
          {"sigma", {threshold.sigma.z, threshold.sigma.y, threshold.sigma.x}},
          {"core_ratio", threshold.options.core_ratio},
          {"reference_ratio", threshold.options.reference_ratio},
          {"background", threshold.options.background == Background::smoothed ? "smoothed" : "raw"},
          {"connectivity", static_cast<int>(threshold.connectivity)},
          {"size", {job.bounds.min, job.bounds.max}},
          {"voxel_size",
           job.voxel_size ? json{job.voxel_size->z, job.voxel_size->y, job.voxel_size->x} : json()}};
}

json merge_json(const MergeStatistics& s) {
  return {{"phases", s.phases},
          {"exchanges", s.traffic.exchanges},
          {"bytes_sent_by_rank_0", s.traffic.bytes_sent}};
}

/// Whether the probability is there already. \throws ConfigError when what is there was made from something
/// else.
bool probability_is_done(const Detection& detection, const json& origin) {
  bool done = false;
  all_or_throw(detection.comm, [&] {
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

/// \param of_probability  The origin of the probability it works on.
SegmentJob segment_job(const Detection& detection, const json& of_probability) {
  const Config& config = detection.config;
  SegmentJob job{
      .probability = detection.files.probability,
      .voxel_size = detection.volume.voxel_size,
      .threshold = {config.threshold, sigma_in_voxels(config.threshold, detection.volume.voxel_size),
                    config.connectivity},
      .bounds = size_bounds(config.filter, detection.volume.voxel_size),
      .block_shape = config.run.block_shape,
      .memory_per_rank = config.run.memory_per_rank,
      .origin = {},
      .labels = detection.files.synapses,
      .table = detection.files.table};
  job.origin = labels_origin(job, of_probability);
  return job;
}

json origin_of_stored_probability(const Detection& detection) {
  const auto& file = detection.files.probability;
  if (!std::filesystem::exists(file))
    throw InputError({file.string(), "is not there",
                      "the stored probability: run cleft detect without --stage segment first"});
  return read_origin(h5::File::open_read(file).dataset(probability_dataset));
}

/// Whether labels and table are there already that were made from a probability of this origin.
bool labels_are_done(const Detection& detection, const json& of_probability) {
  bool done = false;
  all_or_throw(detection.comm, [&] {
    const json origin = segment_job(detection, of_probability).origin;
    const auto& files = detection.files;
    done = std::filesystem::exists(files.synapses) && std::filesystem::exists(files.table) &&
           differing_parts(read_origin(h5::File::open_read(files.synapses)), origin).empty();
  });
  return detection.comm.broadcast(done);
}

/// What is left to do once the probability has been seen to.
enum class Needed { nothing, labels };

/// Makes the probability file unless it, or what is to be made from it, is there.
Needed predict_if_needed(const Detection& detection, DetectStages stages) {
  const Config& config = detection.config;
  const Model model = load_model(detection);
  std::optional<FeatureSet> features;
  PredictJob job;
  all_or_throw(detection.comm, [&] {
    features.emplace(model.features, detection.volume.voxel_size);
    check_model_is_meant(config, model, *features);
    job = {.volume = detection.volume.path,
           .mask = mask_path(config),
           .voxel_size = detection.volume.voxel_size,
           .features = &*features,
           .forest = &model.forest,
           .classes = model.classes,
           .stored_classes = stored_classes(config, model),
           .type = config.predict.dtype == ProbabilityType::uint8 ? ElementType::uint8 : ElementType::float32,
           .origin = {},
           .block_shape = config.run.block_shape,
           .memory_per_rank = config.run.memory_per_rank,
           .probability = detection.files.probability};
    job.origin = probability_origin(job, model);
  });
  if (stages == DetectStages::all && labels_are_done(detection, job.origin)) {
    log::info("detect: done already ({})", detection.files.synapses.string());
    return Needed::nothing;
  }
  if (probability_is_done(detection, job.origin)) {
    log::info("predict: done already ({})", job.probability.string());
    return Needed::labels;
  }
  const PredictSummary summary = predict(detection.comm, job);
  log::info("predict: {} voxels in {:.1f} s ({:.2f} Mvoxels/s)", voxel_count(detection.volume.extent),
            summary.seconds, static_cast<double>(summary.voxels) / 1e6 / summary.seconds);
  detection.record("predict", {{"seconds", summary.seconds},
                               {"blocks", summary.blocks},
                               {"blocks_resumed", summary.resumed},
                               {"block", extent_json(summary.block)},
                               {"voxels", summary.voxels},
                               {"voxels_with_halo", summary.padded_voxels},
                               {"origin", job.origin}});
  return Needed::labels;
}

void segment_if_needed(const Detection& detection) {
  SegmentJob job;
  json of_probability;
  all_or_throw(detection.comm, [&] {
    of_probability = origin_of_stored_probability(detection);
    job = segment_job(detection, of_probability);
  });
  if (labels_are_done(detection, of_probability))
    return log::info("segment: done already ({})", job.labels.string());

  const SegmentSummary summary = segment(detection.comm, job);
  log::info(
      "segment: {} synapses in {:.1f} s", summary.synapses,
      summary.threshold_seconds + summary.merge_seconds + summary.combine_seconds + summary.write_seconds);
  detection.record("segment", {{"synapses", summary.synapses},
                               {"block", extent_json(summary.block)},
                               {"components_in_blocks", summary.components},
                               {"cores_in_blocks", summary.cores},
                               {"merge", merge_json(summary.reference_merge)},
                               {"core_merge", merge_json(summary.core_merge)},
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

/// What a finished run has to say for itself.
void conclude(const Detection& detection) {
  const auto peaks = detection.comm.all_gather(peak_resident_bytes());
  detection.record("run", {{"ranks", detection.comm.size()},
                           {"threads_per_rank", detection.config.run.threads_per_rank},
                           {"memory_per_rank", detection.config.run.memory_per_rank},
                           {"peak_memory_of_ranks", peaks}});
}

}  // namespace

void run_detect(const Communicator& comm, const Config& config, DetectStages stages) {
  Detection detection{comm, config, RunFiles(config.run.directory), {}, nullptr};
  std::optional<RunDirectory> directory;
  std::optional<Provenance> provenance;
  all_or_throw(comm, [&] {
    detection.volume = look_at_volume(config);
    if (stages != DetectStages::predict) check_segment_settings(config, detection.volume);
    if (!comm.is_root()) return;
    directory.emplace(config,
                      stages == DetectStages::segment ? MayDiffer::segmentation_too : MayDiffer::how_it_runs);
    provenance.emplace(detection.files.provenance);
    detection.provenance = &*provenance;
  });

  auto needed = Needed::labels;
  if (stages != DetectStages::segment) needed = predict_if_needed(detection, stages);
  if (stages != DetectStages::predict && needed == Needed::labels) segment_if_needed(detection);
  if (stages == DetectStages::all && !config.run.keep_probability) drop_probability(detection);
  conclude(detection);
  if (!comm.is_root()) return;
  if (stages == DetectStages::predict)
    fmt::print("probability: {}\n", detection.files.probability.string());
  else
    fmt::print("synapses: {}\nlabels:   {}\n", detection.files.table.string(),
               detection.files.synapses.string());
}

}  // namespace cleft
