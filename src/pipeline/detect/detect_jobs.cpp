#include "pipeline/detect/detect_jobs.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "config/resolve.hpp"
#include "pipeline/run/run_files.hpp"
#include "pipeline/run/segment_settings.hpp"

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

/// All that decides the probability. The volume, the mask and the model are told apart by their content.
json probability_recipe(const PredictJob& job, const Extent& extent, const Classifier& classifier,
                        const InputIdentities& inputs) {
  json recipe{{"volume", inputs.volume.fingerprint},
              {"dataset", job.volume.dataset},
              {"extent", {extent.z, extent.y, extent.x}},
              {"model", classifier.fingerprint()},
              {"classes", json::array()},
              {"dtype", to_string(job.type)}};
  for (const auto c : job.stored_classes) recipe["classes"].push_back(job.classes[c]);
  // What is as the files say leaves no trace, so that earlier results stay what they are.
  if (!job.volume.options.axes.empty()) recipe["axes"] = job.volume.options.axes;
  if (job.volume.options.conversion == Conversion::nearest) recipe["convert"] = "nearest";
  if (job.volume.options.missing == Missing::background) recipe["missing"] = "background";
  if (job.mask && inputs.mask) recipe["mask"] = {inputs.mask->fingerprint, job.mask->dataset};
  if (job.mask && !job.mask->options.axes.empty()) recipe["mask"].push_back(job.mask->options.axes);
  return recipe;
}

json labels_recipe(const SegmentJob& job, const json& of_probability) {
  const auto& threshold = job.threshold;
  return {{"probability", of_probability},
          {"foreground", threshold.options.foreground},
          {"sigma", {threshold.sigma.z, threshold.sigma.y, threshold.sigma.x}},
          {"core_ratio", threshold.options.core_ratio},
          {"reference_ratio", threshold.options.reference_ratio},
          {"background", to_string(threshold.options.background)},
          {"connectivity", neighbour_count(threshold.connectivity)},
          {"size", {job.bounds.min, job.bounds.max}},
          {"voxel_size",
           job.voxel_size ? json{job.voxel_size->z, job.voxel_size->y, job.voxel_size->x} : json()}};
}

}  // namespace

void check_foreground(const Config& config, const std::vector<std::string>& classes) {
  foreground_class(config, classes);
}

PredictJob predict_job(const Config& config, const VolumeFacts& volume, const Classifier& classifier,
                       const std::optional<VolumePath>& mask, const InputIdentities& inputs) {
  const auto& classes = classifier.classes();
  PredictJob job{.volume = volume.path,
                 .mask = mask,
                 .voxel_size = volume.voxel_size,
                 .stages = classifier.stages(),
                 .classes = classes,
                 .stored_classes = stored_classes(config, classes),
                 .type = config.predict.dtype,
                 .recipe = {},
                 .block_shape = config.run.block_shape,
                 .memory_per_rank = config.run.memory_per_rank,
                 .threads = config.run.threads_per_rank,
                 .probability = RunFiles(config.run.directory).probability,
                 .volume_state = inputs.volume.state,
                 .mask_state = inputs.mask ? inputs.mask->state : ""};
  job.recipe = probability_recipe(job, volume.extent, classifier, inputs);
  return job;
}

SegmentJob segment_job(const Config& config, const VolumeFacts& volume, const json& of_probability) {
  const RunFiles files(config.run.directory);
  const SegmentSettings settings = segment_settings(config, volume);
  SegmentJob job{.probability = files.probability,
                 .voxel_size = volume.voxel_size,
                 .threshold = settings.threshold,
                 .bounds = settings.bounds,
                 .block_shape = config.run.block_shape,
                 .memory_per_rank = config.run.memory_per_rank,
                 .threads = config.run.threads_per_rank,
                 .recipe = {},
                 .labels = files.synapses,
                 .table = files.table};
  job.recipe = labels_recipe(job, of_probability);
  return job;
}

}  // namespace cleft
