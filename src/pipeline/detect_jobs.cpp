#include "pipeline/detect_jobs.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "components/label_across_blocks.hpp"
#include "config/resolve.hpp"
#include "pipeline/check_model.hpp"
#include "pipeline/provenance.hpp"
#include "pipeline/run_directory.hpp"

namespace cleft {
namespace {

using nlohmann::json;

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

/// The volume and the mask count by their names, sizes and times of change, the model by its content.
json probability_origin(const PredictJob& job, const Extent& extent, const Model& model) {
  json origin{{"volume", file_fingerprint(job.volume.file)},
              {"dataset", job.volume.dataset},
              {"extent", {extent.z, extent.y, extent.x}},
              {"model", fmt::format("{:016x}", model.checksum)},
              {"classes", json::array()},
              {"dtype", to_string(job.type)}};
  for (const auto c : job.stored_classes) origin["classes"].push_back(job.classes[c]);
  if (job.mask) origin["mask"] = {file_fingerprint(job.mask->file), job.mask->dataset};
  return origin;
}

int neighbour_count(Connectivity connectivity) {
  switch (connectivity) {
    case Connectivity::six:
      return 6;
    case Connectivity::eighteen:
      return 18;
    case Connectivity::twenty_six:
      return 26;
  }
  throw InternalError("connectivity out of range");
}

json labels_origin(const SegmentJob& job, const json& of_probability) {
  const auto& threshold = job.threshold;
  return {{"probability", of_probability},
          {"foreground", threshold.options.foreground},
          {"sigma", {threshold.sigma.z, threshold.sigma.y, threshold.sigma.x}},
          {"core_ratio", threshold.options.core_ratio},
          {"reference_ratio", threshold.options.reference_ratio},
          {"background", threshold.options.background == Background::smoothed ? "smoothed" : "raw"},
          {"connectivity", neighbour_count(threshold.connectivity)},
          {"size", {job.bounds.min, job.bounds.max}},
          {"voxel_size",
           job.voxel_size ? json{job.voxel_size->z, job.voxel_size->y, job.voxel_size->x} : json()}};
}

}  // namespace

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
  check_axis_lengths(reader.extent(), to_string(reader.path()));
  return {reader.path(), reader.extent(), resolve_voxel_size(config, reader.path(), reader.voxel_size()),
          reader.type()};
}

void check_segment_settings(const Config& config, const VolumeFacts& volume) {
  sigma_in_voxels(config.threshold, volume.voxel_size);
  size_bounds(config.filter, volume.voxel_size);
}

PredictJob predict_job(const Config& config, const VolumeFacts& volume, const Model& model,
                       const FeatureSet& features) {
  check_model_is_meant(config, model);
  PredictJob job{
      .volume = volume.path,
      .mask = mask_path(config),
      .voxel_size = volume.voxel_size,
      .features = &features,
      .forest = &model.forest,
      .classes = model.classes,
      .stored_classes = stored_classes(config, model),
      .type = config.predict.dtype == ProbabilityType::uint8 ? ElementType::uint8 : ElementType::float32,
      .origin = {},
      .block_shape = config.run.block_shape,
      .memory_per_rank = config.run.memory_per_rank,
      .probability = RunFiles(config.run.directory).probability};
  job.origin = probability_origin(job, volume.extent, model);
  return job;
}

SegmentJob segment_job(const Config& config, const VolumeFacts& volume, const json& of_probability) {
  const RunFiles files(config.run.directory);
  SegmentJob job{.probability = files.probability,
                 .voxel_size = volume.voxel_size,
                 .threshold = {config.threshold, sigma_in_voxels(config.threshold, volume.voxel_size),
                               config.connectivity},
                 .bounds = size_bounds(config.filter, volume.voxel_size),
                 .block_shape = config.run.block_shape,
                 .memory_per_rank = config.run.memory_per_rank,
                 .origin = {},
                 .labels = files.synapses,
                 .table = files.table};
  job.origin = labels_origin(job, of_probability);
  return job;
}

}  // namespace cleft
