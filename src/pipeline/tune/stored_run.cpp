#include "pipeline/tune/stored_run.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/files/is_there.hpp"
#include "base/printable.hpp"
#include "base/text/counted.hpp"
#include "parallel/agree.hpp"
#include "pipeline/detect/detect_jobs.hpp"
#include "pipeline/detect/earlier_probability.hpp"
#include "pipeline/detect/prediction.hpp"
#include "pipeline/run/run_files.hpp"
#include "pipeline/run/run_record.hpp"
#include "pipeline/run/segment_settings.hpp"
#include "pipeline/run/volume_mask.hpp"
#include "pipeline/tune/point_judge.hpp"
#include "pipeline/tune/review_judge.hpp"
#include "pipeline/tune/volume_judge.hpp"
#include "probability/distributed/probability_file.hpp"
#include "probability/files/stored_probability.hpp"

namespace cleft {
namespace {

[[noreturn]] void refuse_missing(const Config& config, const std::filesystem::path& file) {
  throw InputError({file.string(), "there is no such file",
                    fmt::format("the stored probability, which 'cleft detect {} --stage predict' makes",
                                printable(config.file.string()))});
}

/// Whether the probability is made of what the configuration names. Collective.
void check_made_from_configured(const Communicator& comm, const Config& config, const StoredRun& run) {
  all_or_throw(comm, [&] { check_sources(config, DetectStages::segment); });
  DetectOptions options;
  options.stages = DetectStages::segment;
  const Prediction plan = plan_prediction(comm, config, options, run.volume, run.mask);
  all_or_throw(comm, [&] {
    if (comm.is_root() && !is_probability_done(config, plan)) refuse_missing(config, plan.stored);
  });
}

/// Whether the probability is what the record beside it is of. One without a record is taken as it is.
void check_made_by_run(const std::filesystem::path& file) {
  const auto record = read_run_record(RunFiles(file.parent_path()).record).predict;
  if (!record || !record->stage.recipe.is_object()) return;
  const auto differing = differences_of_probability(read_probability_recipe(file), record->stage.recipe);
  if (!differing.empty())
    throw InputError({file.string(), fmt::format("was made from another {}", fmt::join(differing, ", ")),
                      "the probability that run.json beside it tells of"});
}

void check_extent(const Config& config, const StoredRun& run) {
  const auto& file = run.job.probability;
  const Extent extent = open_probability(file, config.threshold.foreground).extent();
  if (extent == run.volume.extent) return;
  throw InputError({file.string(), "is " + to_string(extent) + " voxels",
                    to_string(run.volume.extent) + " as " + to_string(run.volume.path)});
}

/// Compares the probability with its checksums, unless that would take long. Collective.
void check_undamaged(const Communicator& comm, const std::filesystem::path& file) {
  bool worth = false;
  all_or_throw(comm, [&] {
    std::error_code unknown;
    worth = comm.is_root() && std::filesystem::file_size(file, unknown) <= max_bytes_always_checked;
  });
  if (!comm.broadcast(worth)) return;
  const ProbabilityCheck check = check_probability(comm, file);
  all_or_throw(comm, [&] {
    if (!check.damaged.empty())
      throw InputError(
          {file.string(),
           fmt::format("is damaged in {} of {}", check.damaged.size(), counted(check.blocks, "block")),
           "what predict wrote there; cleft detect predicts it again"});
  });
}

}  // namespace

StoredRun open_stored_run(const Communicator& comm, const Config& config, MadeFrom made_from) {
  StoredRun run;
  all_or_throw(comm, [&] {
    run.volume = look_at_volume(config);
    segment_settings(config, run.volume);
    const auto file = probability_to_segment(config);
    if (comm.is_root() && !is_there(file)) refuse_missing(config, file);
  });
  run.mask = find_mask(comm, config, run.volume);
  if (made_from == MadeFrom::what_is_configured) check_made_from_configured(comm, config, run);
  all_or_throw(comm, [&] {
    run.job = segment_job(config, run.volume, nlohmann::json::object(), run.mask);
    check_extent(config, run);
    if (made_from == MadeFrom::what_the_run_says && comm.is_root()) check_made_by_run(run.job.probability);
  });
  check_undamaged(comm, run.job.probability);
  return run;
}

EvaluateOptions options_to_judge(const Config& config, const StoredRun& run, EvaluateOptions truth) {
  truth.labels = {run.job.probability, probability_dataset};
  truth.labels_to_come = config.threshold.foreground;
  truth.labels_begin = run.volume.first;
  if (!truth.truth_class) truth.truth_class = config.threshold.foreground;
  truth.mask = run.mask;
  if (run.volume.voxel_size_overrules && !truth.voxel_size)
    truth.voxel_size = StatedVoxelSize{*run.volume.voxel_size, config.subject("volume.voxel_size_nm")};
  return truth;
}

std::unique_ptr<SettingJudge> make_judge(const Communicator& comm, const EvaluateOptions& options) {
  if (options.truth_points) return std::make_unique<PointJudge>(comm, options);
  return std::make_unique<VolumeJudge>(comm, options);
}

std::unique_ptr<SettingJudge> make_judge(const Communicator& comm, const Config& config,
                                         const EvaluateOptions& options) {
  if (options.reviews.empty()) return make_judge(comm, options);
  return std::make_unique<ReviewJudge>(comm, config, options.reviews, options.match.distance_nm);
}

}  // namespace cleft
