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

/// Names of files are bytes, and JSON is UTF-8: what is no UTF-8 is replaced, as when a recipe is stored.
json as_stored(const json& recipe) {
  return json::parse(recipe.dump(-1, ' ', false, json::error_handler_t::replace));
}

bool has_scales_in_nm(const Classifier& classifier) {
  return std::any_of(classifier.models.begin(), classifier.models.end(),
                     [](const auto& model) { return model->features.sigma_unit == SigmaUnit::nm; });
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
  if (job.volume.options.box) recipe["box"] = to_string(*job.volume.options.box);
  if (job.volume.options.missing == Missing::background) recipe["missing"] = "background";
  if (job.voxel_size && has_scales_in_nm(classifier))
    recipe["voxel_size"] = {job.voxel_size->z, job.voxel_size->y, job.voxel_size->x};
  if (!job.mask || !inputs.mask) return as_stored(recipe);
  const VolumePath& mask = job.mask->path;
  recipe["mask"] = {inputs.mask->fingerprint, mask.dataset};
  if (!mask.options.axes.empty()) recipe["mask"].push_back(mask.options.axes);
  if (const GlobalVoxel& begin = job.mask->begin; begin != GlobalVoxel{})
    recipe["mask"].push_back({begin.z, begin.y, begin.x});
  return as_stored(recipe);
}

json labels_recipe(const SegmentJob& job, const json& of_probability) {
  const auto& threshold = job.threshold;
  json recipe{{"probability", of_probability},
              {"foreground", threshold.options.foreground},
              {"sigma", {threshold.sigma.z, threshold.sigma.y, threshold.sigma.x}},
              {"core_ratio", threshold.options.core_ratio},
              {"reference_ratio", threshold.options.reference_ratio},
              {"background", to_string(threshold.options.background)},
              {"connectivity", neighbour_count(threshold.connectivity)},
              {"size", {job.rule.bounds.min, job.rule.bounds.max}},
              {"voxel_size",
               job.voxel_size ? json{job.voxel_size->z, job.voxel_size->y, job.voxel_size->x} : json()}};
  // By which definitions the table is made: tables of 0.1.0, which has no such number, have shorter axes, and
  // those of 2 no decisive ratio.
  recipe["table"] = 3;
  if (const CandidateRule& rule = job.rule.candidates; rule.keeps_any())
    recipe["candidates"] = {rule.max_count, begin_of(rule.lowest)};
  if (job.split.by == Split::cores) recipe["split"] = {to_string(job.split.by)};
  if (job.split.by == Split::distance) recipe["split"] = {to_string(job.split.by), job.split.distance_nm};
  if (job.offset && *job.offset != PerAxis<double>{})
    recipe["offset"] = {job.offset->z, job.offset->y, job.offset->x};
  return as_stored(recipe);
}

}  // namespace

std::filesystem::path probability_to_segment(const Config& config) {
  const auto& other = config.run.probability;
  if (!other) return RunFiles(config.run.directory).probability;
  std::error_code unknown;  // what it is comes out when it is opened
  return std::filesystem::is_directory(*other, unknown) ? RunFiles(*other).probability : *other;
}

void check_foreground(const Config& config, const std::vector<std::string>& classes) {
  foreground_class(config, classes);
}

PredictJob predict_job(const Config& config, const VolumeFacts& volume, const Classifier& classifier,
                       const std::optional<PlacedMask>& mask, const InputIdentities& inputs) {
  const auto& classes = classifier.classes();
  PredictJob job{.volume = volume.path,
                 .mask = mask,
                 .voxel_size = volume.voxel_size,
                 .offset = volume.offset(),
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

SegmentJob segment_job(const Config& config, const VolumeFacts& volume, const json& of_probability,
                       const std::optional<PlacedMask>& mask) {
  const RunFiles files(config.run.directory);
  const SegmentSettings settings = segment_settings(config, volume);
  SegmentJob job{.probability = probability_to_segment(config),
                 .mask = mask,
                 .voxel_size = volume.voxel_size,
                 .offset = volume.offset(),
                 .threshold = settings.threshold,
                 .rule = settings.rule,
                 .split = settings.split,
                 .block_shape = config.run.block_shape,
                 .memory_per_rank = config.run.memory_per_rank,
                 .threads = config.run.threads_per_rank,
                 .recipe = {},
                 .labels = files.synapses,
                 .table = files.table};
  job.recipe = labels_recipe(job, of_probability);
  return job;
}

std::vector<std::string> differences_of_probability(const json& stored, const json& wanted) {
  json known = wanted;
  for (const auto* part : {"mask", "voxel_size"})
    if (!stored.contains(part)) known.erase(part);
  return differences_in_words(stored, known);
}

}  // namespace cleft
