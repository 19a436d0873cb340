#include "pipeline/evaluate/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/output_folder.hpp"
#include "base/files/replace.hpp"
#include "base/label.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/place.hpp"
#include "base/voxel_size.hpp"
#include "io/volume/label_values.hpp"
#include "io/volume/open_volume.hpp"
#include "io/volume/read_boxes.hpp"
#include "io/volume/volume_reader.hpp"
#include "objects/judge/bridged_components.hpp"
#include "parallel/agree.hpp"
#include "probability/distributed/probability_file.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

/// The volumes of one evaluation, checked to fit each other.
struct Inputs {
  VolumeReader labels, truth;
  std::optional<VolumeReader> probability;
  std::optional<MaskReader> mask;
  GlobalVoxel truth_begin;  // in the volume
  Box judged;               // in the volume
  std::optional<VoxelSize> voxel_size;
};

/// What was read of the judged box.
struct Found {
  std::vector<ObjectRun> detected, truth;
  ProbabilityHistogram probability;
  std::int64_t not_judged = 0;  // voxels
};

/// Of the probabilities that detect has stored, perhaps side by side, the foreground's.
/// \throws InputError when it is not among them.
VolumeReader open_foreground(const VolumePath& path, const std::optional<std::string>& foreground) {
  std::vector<std::string> classes;
  if (path.dataset == probability_dataset) classes = open_volume(path)->texts("classes");
  if (foreground && std::find(classes.begin(), classes.end(), *foreground) == classes.end())
    throw InputError({.subject = to_string(path),
                      .found = classes.empty()
                                   ? "does not say which classes it holds"
                                   : fmt::format("holds the classes {}", fmt::join(classes, ", ")),
                      .expected = fmt::format("the class '{}' that --class asks for", *foreground)});
  if (classes.size() > 1) return open_probability(path.file, foreground.value_or("synapse"));
  // Other programs store float64; what rounding it to float32 changes is far below a step of the histogram.
  VolumePath rounded = path;
  rounded.options.conversion = Conversion::nearest;
  return VolumeReader(rounded);
}

/// Where the truth lies, by all that says it.
Box box_of_truth(const EvaluateOptions& options, const VolumeReader& labels, const VolumeReader& truth) {
  std::vector<StatedBegin> stated;
  if (const auto& begin = options.truth_begin)
    stated.push_back({"--truth-begin", {begin->z, begin->y, begin->x}});
  if (const auto& section = options.truth_first_section)
    stated.push_back({"--truth-sections-from", {*section, std::nullopt, std::nullopt}});
  if (const auto section = truth.source().whole_number("first_section"))
    stated.push_back({"its attribute first_section", {*section, std::nullopt, std::nullopt}});
  return box_in(labels.place(), truth.place(), stated, "--truth-begin Z,Y,X, the voxel it begins at");
}

/// Probabilities are of the labels, voxel by voxel.
void check_same_place(const VolumeReader& labels, const VolumeReader& probability) {
  const Place a = labels.place(), b = probability.place();
  if (!a.offset || !b.offset) return;
  constexpr double rounding = 0.01;  // nm
  for (int axis = 0; axis < 3; ++axis)
    if (std::abs((*a.offset)[axis] - (*b.offset)[axis]) > rounding)
      throw InputError({.subject = to_string(probability.path()),
                        .found = "lies at " + offset_text(*b.offset),
                        .expected = offset_text(*a.offset) + " as " + to_string(labels.path())});
}

void check_sigma(const PerAxis<double>& sigma, const Extent& volume) {
  for (int axis = 0; axis < 3; ++axis)
    if (sigma[axis] > narrow<double>(std::max<std::int64_t>(volume[axis], 5)))
      throw InputError({.subject = "--sigma",
                        .found = fmt::format("is {:.6g} voxels", sigma[axis]),
                        .expected = "at most the volume's " + to_string(volume)});
}

void check_same_extent(const VolumeReader& a, const VolumeReader& b, const Extent& extent_a,
                       const Extent& extent_b) {
  if (extent_a == extent_b) return;
  throw InputError({.subject = to_string(b.path()),
                    .found = "is " + to_string(extent_b) + " voxels",
                    .expected = to_string(extent_a) + " as " + to_string(a.path())});
}

/// The sections asked for, or else those that the truth covers.
/// \param part  What truth and labels cover.
Sections judged_sections(const EvaluateOptions& options, const VolumeReader& truth, const Box& part) {
  const Sections covered{part.begin.z, part.end.z};
  const Sections judged = options.sections.value_or(covered);
  if (judged.begin >= covered.begin && judged.end <= covered.end && judged.begin < judged.end) return judged;
  throw InputError(
      {.subject = to_string(truth.path()),
       .found = fmt::format("sections {}:{} were asked for", judged.begin, judged.end),
       .expected = fmt::format("a part of {}:{}, which truth and labels cover", covered.begin, covered.end)});
}

std::optional<VoxelSize> common_voxel_size(const VolumeReader& labels, const VolumeReader& truth) {
  const auto a = labels.voxel_size(), b = truth.voxel_size();
  if (a && b && !same_voxel_size(*a, *b))
    throw InputError({.subject = to_string(truth.path()),
                      .found = "has voxels of " + to_string(*b),
                      .expected = to_string(*a) + " as " + to_string(labels.path())});
  return a ? a : b;
}

void require_voxel_size(const EvaluateOptions& options, const Inputs& inputs) {
  const bool needed =
      options.truth_gap_nm > 0 || options.match.criterion == MatchOptions::Criterion::centroid_distance;
  if (!needed || inputs.voxel_size) return;
  throw InputError(
      {.subject = to_string(inputs.labels.path()),
       .found = "neither it nor the truth has a voxel size",
       .expected = "one of the attributes element_size_um or resolution, since nm are asked for"});
}

Inputs open_inputs(const EvaluateOptions& options) {
  Inputs in{VolumeReader(options.labels),
            VolumeReader(options.truth),
            std::nullopt,
            std::nullopt,
            {},
            {},
            std::nullopt};
  const Extent labels = in.labels.extent();
  in.voxel_size = common_voxel_size(in.labels, in.truth);
  const Box truth = box_of_truth(options, in.labels, in.truth);
  if (options.probability) {
    in.probability.emplace(open_foreground(*options.probability, options.foreground));
    check_same_extent(in.labels, *in.probability, labels, in.probability->extent());
    check_same_place(in.labels, *in.probability);
    check_sigma(options.sigma, labels);
  }
  if (options.foreground && !options.probability)
    throw InputError({.subject = "--class",
                      .found = "is '" + *options.foreground + "', but there is no probability to judge",
                      .expected = "--probability beside it"});
  if (options.mask) in.mask.emplace(*options.mask);
  in.truth_begin = truth.begin;
  in.judged = intersection(truth, whole_box(labels));
  const Sections sections = judged_sections(options, in.truth, in.judged);
  in.judged.begin.z = sections.begin;
  in.judged.end.z = sections.end;
  require_voxel_size(options, in);
  return in;
}

/// The truth of a piece of the volume: object numbers, or 1 for all objects when the truth is a mask, beside
/// 0, cremi_background and, where nothing is judged, cremi_invalid.
Array3<std::uint64_t> read_truth(const Inputs& in, const Box& piece, bool labelled) {
  auto truth = Array3<std::uint64_t>::uninitialized(piece.extent());
  const Extent shift = in.truth_begin - GlobalVoxel{};
  read_label_values(in.truth, {piece.begin - shift, piece.end - shift}, truth.view());
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
std::uint32_t histogram_steps(const Inputs& in, const PerAxis<double>& sigma) {
  constexpr std::uint32_t stored = 255, fine = 65535;
  const bool exact =
      in.probability && in.probability->type() == ElementType::uint8 && sigma == PerAxis<double>{};
  return exact ? stored : fine;
}

Found read_all(const Inputs& in, const EvaluateOptions& options) {
  Found found{{}, {}, ProbabilityHistogram(histogram_steps(in, options.sigma)), 0};
  constexpr std::int64_t voxels_at_once = std::int64_t{1} << 23U;
  for (const Box& piece : boxes_in_order(in.judged, voxels_at_once)) {
    auto labels = Array3<std::uint64_t>::uninitialized(piece.extent());
    read_label_values(in.labels, piece, labels.view());
    const auto truth = read_truth(in, piece, options.truth_is_labelled);
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
void number_truth(std::vector<ObjectRun>& runs, const Inputs& in, double gap_nm) {
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

/// A value that stands for "nothing" or "not known" and is not one of those that cleft knows looks like this.
void warn_of_large_truths(const Inputs& in, const Evaluation& result) {
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
  const Inputs in = open_inputs(options);
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
