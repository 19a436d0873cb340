#include "pipeline/evaluate/evaluate.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "components/count_voxels.hpp"
#include "io/volume/label_values.hpp"
#include "io/volume/volume_reader.hpp"
#include "parallel/agree.hpp"
#include "pipeline/evaluate/evaluate_inputs.hpp"
#include "pipeline/evaluate/evaluate_points.hpp"
#include "pipeline/evaluate/judged_objects.hpp"
#include "pipeline/evaluate/object_ranks.hpp"
#include "pipeline/evaluate/read_judged.hpp"
#include "pipeline/evaluate/report_files.hpp"

namespace cleft {
namespace {

/// Whoever wrote -1 and 0 alone meant that -1 is an object. Negative numbers are told of in any case.
void tell_of_special(const VolumeReader& volume, std::int64_t voxels, bool any_object) {
  const bool negative = has_negative_special_values(volume.type());
  if (voxels == 0 || (any_object && !negative)) return;
  const std::string line = fmt::format(
      "{}: {} hold {} ({}), read as CREMI's background and invalid", to_string(volume.path()),
      counted(voxels, "voxel"), negative ? "-1 or -2" : "the largest numbers", to_string(volume.type()));
  if (any_object)
    log::info("{}", line);
  else
    log::warning("{}, and no voxel that is judged holds the number of an object", line);
}

/// Nothing to find is most often a truth of another place or another dataset.
void warn_of_empty_truth(const EvaluateInputs& in, const Evaluation& result) {
  const Agreement objects = result.objects.agreement();
  if (objects.matched + objects.missed > 0) return;
  log::warning("{}: no object{} in what is judged ({} of {}, {}): recall is undefined",
               to_string(in.truth.path()), result.objects.ignored_truths > 0 ? " large enough to judge" : "",
               counted(result.voxels_judged, "voxel"), to_string(in.labels.path()), to_string(in.judged));
}

/// A value that stands for "nothing" or "not known" and is not one of those that cleft knows looks like this,
/// and so do grey values that were taken for a truth.
void warn_of_large_truths(const EvaluateInputs& in, const Evaluation& result) {
  const auto judged_voxels_of = [&](std::size_t i) {
    return result.truth_reach.empty() ? result.truths[i].size : result.truth_reach[i].judged;
  };
  std::int64_t all = 0;
  bool is_one = false;
  for (std::size_t i = 0; i < result.truths.size(); ++i) {
    all += judged_voxels_of(i);
    is_one = is_one || judged_voxels_of(i) > result.voxels_judged / 2;
  }
  if (!is_one && all > result.voxels_judged / 2)
    log::warning("{}: {} together fill {} of {} judged voxels; is it a truth, and not grey values?",
                 to_string(in.truth.path()), counted(narrow<std::int64_t>(result.truths.size()), "object"),
                 all, result.voxels_judged);
  for (std::size_t i = 0; i < result.truths.size(); ++i) {
    if (judged_voxels_of(i) > result.voxels_judged / 2)
      log::warning(
          "{}: object {} fills {} of {} judged voxels; if it is background or what nobody has looked "
          "at, set it to 0 or to 2^64 - 2 (CREMI's invalid)",
          to_string(in.truth.path()), result.truths[i].id, judged_voxels_of(i), result.voxels_judged);
  }
}

/// What is said of voxels, before their objects are looked at.
Evaluation judged_voxels(const EvaluateInputs& in, const EvaluateOptions& options,
                         const JudgedVoxels& found) {
  Evaluation result;
  result.sections = {in.judged.begin.z, in.judged.end.z};
  const Extent judged = in.judged.extent(), labels = in.labels.extent();
  if (judged.y != labels.y || judged.x != labels.x) result.part = in.judged;
  result.voxels_not_judged = found.not_judged;
  result.voxels_judged = voxel_count(judged) - found.not_judged;
  result.voxel_size = in.voxel_size;
  result.offset = in.labels.place().offset.value_or(PerAxis<double>{});
  const auto &detected = found.runs.detected.judged, &truth = found.runs.truth.judged;
  for (const Candidate& pair : overlapping_pairs(detected, truth, objects_of(detected), objects_of(truth)))
    result.voxels.matched += pair.overlap;
  result.voxels.false_found = count_voxels(detected) - result.voxels.matched;
  result.voxels.missed = count_voxels(truth) - result.voxels.matched;
  if (options.distances) result.distances = voxel_distances(detected, truth, *in.voxel_size);
  result.judges_probability = in.probability.has_value();
  if (in.probability) result.probability = found.probability.score();
  return result;
}

std::vector<ObjectRun> runs_in(std::int64_t z, const std::vector<ObjectRun>& runs) {
  std::vector<ObjectRun> found;
  for (const ObjectRun& run : runs)
    if (run.z == z) found.push_back(run);
  return found;
}

/// Matches objects.
/// \param found    Its runs are used up.
/// \param section  To be filled in; may be null.
void judge_objects(const EvaluateInputs& in, const EvaluateOptions& options, JudgedVoxels& found,
                   Evaluation& result, JudgedSection* section) {
  JudgedObjects sides = judged_objects(in, options, found);
  result.detection_reach = std::move(sides.detected.reach);
  result.truth_reach = std::move(sides.truth.reach);
  result.detections = objects_of(sides.detected.runs);
  result.truths = objects_of(sides.truth.runs);
  const auto overlaps =
      overlapping_pairs(sides.detected.runs, sides.truth.runs, result.detections, result.truths);
  result.objects = compare_objects(result.detections, result.truths, overlaps, options.match,
                                   options.min_truth_size, in.voxel_size.value_or(VoxelSize{1, 1, 1}));
  set_apart_outside(result.objects, result.detection_reach, result.truth_reach);
  if (section == nullptr) return;
  section->detections = runs_in(section->z, sides.detected.runs);
  section->truths = runs_in(section->z, sides.truth.runs);
}

/// By a truth volume, without what follows from its counts.
Evaluation evaluate_volume(const EvaluateOptions& options, JudgedSection* section = nullptr) {
  const EvaluateInputs in = open_inputs(options);
  JudgedVoxels found = read_judged(in, options);
  Evaluation result = judged_voxels(in, options, found);
  result.match = options.match;
  judge_objects(in, options, found, result, section);
  tell_of_special(in.labels, found.special_labels, !result.detections.empty());
  tell_of_special(in.truth, found.special_truth, !result.truths.empty());
  warn_of_empty_truth(in, result);
  warn_of_large_truths(in, result);
  return result;
}

}  // namespace

Evaluation evaluate(const EvaluateOptions& options) {
  Evaluation result = options.truth_points ? evaluate_points(options) : evaluate_volume(options);
  result.bootstrap = options.bootstrap;
  result.intervals = bootstrap_intervals(result.objects.agreement(), options.bootstrap);
  result.curve = curve_over_ranks(options, result);
  return result;
}

Evaluation evaluate(const EvaluateOptions& options, JudgedSection& section) {
  return evaluate_volume(options, &section);
}

void run_evaluate(const Communicator& comm, const EvaluateOptions& options) {
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    check_report_targets(options);
    const Evaluation result = evaluate(options);
    write_reports(options, result);
    fmt::print("{}", to_text(result));
  });
}

}  // namespace cleft
