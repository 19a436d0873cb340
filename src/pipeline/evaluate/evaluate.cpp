#include "pipeline/evaluate/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/output_folder.hpp"
#include "base/files/replace.hpp"
#include "base/label.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "io/volume/label_values.hpp"
#include "io/volume/read_boxes.hpp"
#include "io/volume/volume_reader.hpp"
#include "objects/judge/bridged_components.hpp"
#include "parallel/agree.hpp"
#include "pipeline/evaluate/evaluate_inputs.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

/// What was read of the judged box.
struct Found {
  std::vector<ObjectRun> detected, truth;
  ProbabilityHistogram probability;
  std::int64_t not_judged = 0;                         // voxels
  std::int64_t special_labels = 0, special_truth = 0;  // voxels
};

/// How many voxels have CREMI's special values.
std::int64_t count_special(const Array3<std::uint64_t>& values) {
  return std::count_if(values.voxels().begin(), values.voxels().end(),
                       [](std::uint64_t value) { return value >= cremi_invalid; });
}

/// The truth of a piece of the volume: object numbers, or 1 for all objects when the truth is a mask, beside
/// 0, cremi_background and, where nothing is judged, cremi_invalid.
/// \param special  Its voxels of special values are added, those outside the mask too.
Array3<std::uint64_t> read_truth(const EvaluateInputs& in, const Box& piece, bool labelled,
                                 std::int64_t& special) {
  auto truth = Array3<std::uint64_t>::uninitialized(piece.extent());
  const Extent shift = in.truth_begin - GlobalVoxel{};
  read_label_values(in.truth, {piece.begin - shift, piece.end - shift}, truth.view());
  special += count_special(truth);
  if (!labelled)
    for (std::uint64_t& voxel : truth.voxels()) voxel = is_object(voxel) ? 1 : voxel;
  if (!in.mask) return truth;
  auto mask = Array3<std::uint8_t>::uninitialized(piece.extent());
  in.mask->read(piece, mask.view());
  for (std::size_t i = 0; i < mask.voxels().size(); ++i)
    if (mask.voxels()[i] == 0) truth.voxels()[i] = cremi_invalid;
  return truth;
}

/// Takes the voxels that are not judged out of the labels too.
/// \returns How many there are.
std::int64_t clear_not_judged(const Array3<std::uint64_t>& truth, Array3<std::uint64_t>& labels) {
  std::int64_t invalid = 0;
  for (std::size_t i = 0; i < truth.voxels().size(); ++i) {
    if (truth.voxels()[i] != cremi_invalid) continue;
    labels.voxels()[i] = 0;
    ++invalid;
  }
  return invalid;
}

template <class Stored>
void count_probability(ProbabilityHistogram& histogram, const VolumeReader& reader, const Box& piece,
                       const PerAxis<double>& sigma, const Array3<std::uint64_t>& truth) {
  const Box padded = grown(piece, smoothing_halo(sigma), whole_box(reader.extent()));
  auto stored = Array3<Stored>::uninitialized(padded.extent());
  reader.read<Stored>(padded, stored.view());
  const View3<const Stored> view = stored.view();
  const Array3<float> probability = smooth(view, padded.local(piece.begin), piece.extent(), sigma);
  const auto steps = narrow<float>(histogram.steps());
  for (std::size_t i = 0; i < probability.voxels().size(); ++i) {
    if (truth.voxels()[i] == cremi_invalid) continue;
    const float p = probability.voxels()[i];
    constexpr float tolerance = 1e-3F;  // smoothing rounds
    if (!(p >= -tolerance && p <= 1 + tolerance)) {
      throw InputError({.subject = to_string(reader.path()),
                        .found = fmt::format("holds the value {}", p),
                        .expected = "probabilities from 0 to 1"});
    }
    const auto step = static_cast<std::uint32_t>(std::lround(std::clamp(p, 0.0F, 1.0F) * steps));
    histogram.add(step, is_object(truth.voxels()[i]));
  }
}

/// Steps in which probabilities are counted: exact for stored uint8, fine for what is not whole steps.
std::uint32_t histogram_steps(const EvaluateInputs& in, const PerAxis<double>& sigma) {
  constexpr std::uint32_t stored = 255, fine = 65535;
  const bool exact =
      in.probability && in.probability->type() == ElementType::uint8 && sigma == PerAxis<double>{};
  return exact ? stored : fine;
}

Found read_all(const EvaluateInputs& in, const EvaluateOptions& options) {
  Found found{
      .detected = {}, .truth = {}, .probability = ProbabilityHistogram(histogram_steps(in, options.sigma))};
  constexpr std::int64_t voxels_at_once = std::int64_t{1} << 23U;
  for (const Box& piece : boxes_in_order(in.judged, voxels_at_once)) {
    auto labels = Array3<std::uint64_t>::uninitialized(piece.extent());
    read_label_values(in.labels, piece, labels.view());
    found.special_labels += count_special(labels);
    const auto truth = read_truth(in, piece, options.truth_is_labelled, found.special_truth);
    found.not_judged += clear_not_judged(truth, labels);
    append_runs(found.detected, labels.view(), piece.begin);
    append_runs(found.truth, truth.view(), piece.begin);
    if (!in.probability) continue;
    if (in.probability->type() == ElementType::uint8) {
      count_probability<std::uint8_t>(found.probability, *in.probability, piece, options.sigma, truth);
    } else {
      count_probability<float>(found.probability, *in.probability, piece, options.sigma, truth);
    }
  }
  return found;
}

std::int64_t voxels_of(const std::vector<ObjectRun>& runs) {
  std::int64_t count = 0;
  for (const ObjectRun& run : runs) count += run.end - run.begin;
  return count;
}

/// Numbers the components of the truth. Nothing grows beyond what is judged.
void number_truth(std::vector<ObjectRun>& runs, const EvaluateInputs& in, double gap_nm) {
  const Bridge bridge{gap_nm, in.voxel_size.value_or(VoxelSize{1, 1, 1})};
  const auto shift = [&](std::int64_t sign) {
    for (ObjectRun& run : runs) {
      run.y += sign * in.judged.begin.y;
      run.begin += sign * in.judged.begin.x;
      run.end += sign * in.judged.begin.x;
    }
  };
  shift(-1);
  number_components(runs, bridge, in.judged.extent());
  shift(1);
}

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
  const std::int64_t all =
      std::accumulate(result.truths.begin(), result.truths.end(), std::int64_t{0},
                      [](std::int64_t sum, const RunObject& object) { return sum + object.size; });
  const bool is_one = std::any_of(result.truths.begin(), result.truths.end(), [&](const RunObject& object) {
    return object.size > result.voxels_judged / 2;
  });
  if (!is_one && all > result.voxels_judged / 2)
    log::warning("{}: {} together fill {} of {} judged voxels; is it a truth, and not grey values?",
                 to_string(in.truth.path()), counted(narrow<std::int64_t>(result.truths.size()), "object"),
                 all, result.voxels_judged);
  for (const RunObject& object : result.truths)
    if (object.size > result.voxels_judged / 2)
      log::warning(
          "{}: object {} fills {} of {} judged voxels; if it is background or what nobody has looked "
          "at, set it to 0 or to 2^64 - 2 (CREMI's invalid)",
          to_string(in.truth.path()), object.id, object.size, result.voxels_judged);
}

void check_report_target(const std::filesystem::path& json) {
  check_output_folder(json);
  check_replaces_only(json, "report of cleft evaluate", [](const std::filesystem::path& file) {
    std::ifstream in(file);
    return is_report(in);
  });
}

}  // namespace

Evaluation evaluate(const EvaluateOptions& options) {
  const EvaluateInputs in = open_inputs(options);
  Found found = read_all(in, options);
  if (!options.truth_is_labelled) number_truth(found.truth, in, options.truth_gap_nm);
  Evaluation result;
  result.sections = {in.judged.begin.z, in.judged.end.z};
  const Extent judged = in.judged.extent(), labels = in.labels.extent();
  if (judged.y != labels.y || judged.x != labels.x) result.part = in.judged;
  result.voxels_not_judged = found.not_judged;
  result.voxels_judged = voxel_count(judged) - found.not_judged;
  result.voxel_size = in.voxel_size;
  result.offset = in.labels.place().offset.value_or(PerAxis<double>{});
  result.match = options.match;
  result.detections = objects_of(found.detected);
  result.truths = objects_of(found.truth);
  const auto overlaps = overlapping_pairs(found.detected, found.truth, result.detections, result.truths);
  for (const Candidate& pair : overlaps) result.voxels.matched += pair.overlap;
  result.voxels.false_found = voxels_of(found.detected) - result.voxels.matched;
  result.voxels.missed = voxels_of(found.truth) - result.voxels.matched;
  result.judges_probability = in.probability.has_value();
  if (in.probability) result.probability = found.probability.score();
  result.objects = compare_objects(result.detections, result.truths, overlaps, options.match,
                                   options.min_truth_size, in.voxel_size.value_or(VoxelSize{1, 1, 1}));
  tell_of_special(in.labels, found.special_labels, !result.detections.empty());
  tell_of_special(in.truth, found.special_truth, !result.truths.empty());
  warn_of_empty_truth(in, result);
  warn_of_large_truths(in, result);
  return result;
}

void run_evaluate(const Communicator& comm, const EvaluateOptions& options) {
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    if (options.json) check_report_target(*options.json);
    const Evaluation result = evaluate(options);
    if (options.json) write_file_atomically(*options.json, to_json(result));
    fmt::print("{}", to_text(result));
  });
}

}  // namespace cleft
