#include "pipeline/detect/detect_jobs.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "config/resolve.hpp"
#include "pipeline/run/provenance.hpp"
#include "pipeline/run/run_directory.hpp"

namespace cleft {
namespace {

using nlohmann::json;

std::size_t foreground_class(const Config& config, const std::vector<std::string>& classes) {
  const auto found = std::find(classes.begin(), classes.end(), config.threshold.foreground);
  if (found != classes.end()) return to_size(found - classes.begin());
  throw ConfigError({config.subject("threshold.foreground"),
                     fmt::format("is '{}'", config.threshold.foreground),
                     fmt::format("a class of the model: {}", fmt::join(classes, ", "))});
}

/// Which classes are stored: the foreground alone or all.
std::vector<std::size_t> stored_classes(const Config& config, const std::vector<std::string>& classes) {
  if (config.predict.classes == StoredClasses::foreground) return {foreground_class(config, classes)};
  std::vector<std::size_t> all(classes.size());
  for (std::size_t c = 0; c < all.size(); ++c) all[c] = c;
  return all;
}

/// The volume and the mask count by their names, sizes and times of change, the model by its content.
json probability_origin(const PredictJob& job, const Extent& extent, const Classifier& classifier) {
  json origin{{"volume", file_fingerprint(job.volume.file)},
              {"dataset", job.volume.dataset},
              {"extent", {extent.z, extent.y, extent.x}},
              {"model", classifier.fingerprint()},
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

void check_segment_settings(const Config& config, const VolumeFacts& volume) {
  sigma_in_voxels(config.threshold, volume.voxel_size);
  size_bounds(config.filter, volume.voxel_size);
}

void check_foreground(const Config& config, const std::vector<std::string>& classes) {
  foreground_class(config, classes);
}

PredictJob predict_job(const Config& config, const VolumeFacts& volume, const Classifier& classifier,
                       const std::optional<VolumePath>& mask) {
  const auto& classes = classifier.models.back().classes;
  PredictJob job{
      .volume = volume.path,
      .mask = mask,
      .voxel_size = volume.voxel_size,
      .stages = classifier.stages(),
      .classes = classes,
      .stored_classes = stored_classes(config, classes),
      .type = config.predict.dtype == ProbabilityType::uint8 ? ElementType::uint8 : ElementType::float32,
      .origin = {},
      .block_shape = config.run.block_shape,
      .memory_per_rank = config.run.memory_per_rank,
      .threads = config.run.threads_per_rank,
      .probability = RunFiles(config.run.directory).probability};
  job.origin = probability_origin(job, volume.extent, classifier);
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
                 .threads = config.run.threads_per_rank,
                 .origin = {},
                 .labels = files.synapses,
                 .table = files.table};
  job.origin = labels_origin(job, of_probability);
  return job;
}

}  // namespace cleft
