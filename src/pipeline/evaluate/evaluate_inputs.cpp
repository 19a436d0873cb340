#include "pipeline/evaluate/evaluate_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/place.hpp"
#include "base/voxel_size.hpp"
#include "io/volume/label_values.hpp"
#include "io/volume/open_volume.hpp"
#include "io/volume/stated_classes.hpp"
#include "probability/distributed/probability_file.hpp"

namespace cleft {
namespace {

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

/// The same file, whose voxel size need make no sense where the options state another.
VolumePath sized(const EvaluateOptions& options, VolumePath path) {
  if (options.voxel_size) path.options.voxel_size_known = true;
  return path;
}

/// Where a file says that it lies; of its voxel size the options say more, where they do.
Place place_of(const EvaluateOptions& options, const VolumeReader& volume) {
  Place place = volume.place();
  const auto& stated = options.voxel_size;
  if (!stated) return place;
  if (place.voxel_size && !same_voxel_size(*place.voxel_size, stated->size))
    log::info("{}: voxels are {} as {} says, not {} as the file says", place.subject, to_string(stated->size),
              stated->by, to_string(*place.voxel_size));
  place.voxel_size = stated->size;
  return place;
}

/// What the truth's attribute says, in the labels' own sections.
std::optional<StatedBegin> first_section_of(const VolumeReader& truth, const GlobalVoxel& labels_begin) {
  const auto section = truth.source().whole_number("first_section");
  if (!section) return std::nullopt;
  std::string by = "its attribute first_section";
  if (labels_begin.z != 0)
    by += fmt::format(" ({} of the volume, at whose section {} volume.box begins)", *section, labels_begin.z);
  return StatedBegin{by, {*section - labels_begin.z, std::nullopt, std::nullopt}};
}

/// The result of volume.box of a volume without a voxel size does not say where it lies; a truth's offset is
/// then no place in it.
/// \returns The truth's place, without its offset where --truth-begin says where it begins.
Place place_to_go_by(const EvaluateOptions& options, const Place& labels, Place truth) {
  const bool is_placed = labels.offset || options.labels_begin == GlobalVoxel{};
  if (is_placed || !truth.offset) return truth;
  if (!options.truth_begin)
    throw InputError({truth.subject,
                      fmt::format("has the offset {}, but {} is of volume.box of a volume without a voxel "
                                  "size and does not say where it lies",
                                  offset_text(*truth.offset), labels.subject),
                      "--truth-begin Z,Y,X, the voxel of the labels at which it begins"});
  truth.offset.reset();
  return truth;
}

/// Where the truth lies, by all that says it.
Box box_of_truth(const EvaluateOptions& options, const Place& labels, const Place& place,
                 const VolumeReader& truth) {
  std::vector<StatedBegin> stated;
  if (const auto& begin = options.truth_begin)
    stated.push_back({"--truth-begin", {begin->z, begin->y, begin->x}});
  if (const auto& section = options.truth_first_section)
    stated.push_back({"--truth-sections-from", {*section, std::nullopt, std::nullopt}});
  if (auto section = first_section_of(truth, options.labels_begin)) stated.push_back(std::move(*section));
  return box_in(labels, place_to_go_by(options, labels, place), stated,
                "--truth-begin Z,Y,X, the voxel of the labels at which it begins");
}

/// Probabilities are of the labels, voxel by voxel.
void check_same_place(const Place& labels, const Place& probability) {
  if (!labels.offset || !probability.offset || same_offset(*labels.offset, *probability.offset)) return;
  throw InputError({.subject = probability.subject,
                    .found = "lies at " + offset_text(*probability.offset),
                    .expected = offset_text(*labels.offset) + " as " + labels.subject});
}

void check_sigma(const PerAxis<double>& sigma, const Extent& volume) {
  for (int axis = 0; axis < 3; ++axis)
    if (sigma[axis] > narrow<double>(std::max<std::int64_t>(volume[axis], 5)))
      throw InputError({.subject = "--sigma",
                        .found = fmt::format("is {:.6g} voxels", sigma[axis]),
                        .expected = "at most the volume's " + to_string(volume)});
}

void check_same_extent(const Place& labels, const Place& probability) {
  if (labels.extent == probability.extent) return;
  throw InputError({.subject = probability.subject,
                    .found = "is " + to_string(probability.extent) + " voxels",
                    .expected = to_string(labels.extent) + " as " + labels.subject});
}

/// The truth and the labels, for messages.
struct Names {
  std::string truth, labels;
};

/// What is asked for along an axis; where nothing is, as far as truth and labels go.
/// \param name  What lies along the axis, for messages: "sections".
Sections judged_range(const Names& names, const Sections& covered, const AskedSections& asked,
                      const std::string& name) {
  const Sections judged{asked.begin.value_or(covered.begin), asked.end.value_or(covered.end)};
  if (judged.begin >= covered.begin && judged.end <= covered.end && judged.begin < judged.end) return judged;
  throw InputError({.subject = names.truth,
                    .found = fmt::format("{} {}:{} were asked for", name, judged.begin, judged.end),
                    .expected = fmt::format(
                        "a part of {}:{}, which truth and labels cover, counted from the first {} of {}",
                        covered.begin, covered.end, name.substr(0, name.size() - 1), names.labels)});
}

/// What a box says of an axis: one that begins at 0 and is open at its end is all of it.
AskedSections range_of(std::int64_t begin, std::int64_t end) {
  AskedSections asked;
  if (end != end_of_axis) asked.end = end;
  if (begin != 0 || asked.end) asked.begin = begin;
  return asked;
}

/// The part of what truth and labels cover that is asked for.
Box judged_box(const EvaluateOptions& options, const Names& names, const Box& covered) {
  AskedSections z = options.sections, y, x;
  if (const auto& box = options.box) {
    z = range_of(box->begin.z, box->end.z);
    y = range_of(box->begin.y, box->end.y);
    x = range_of(box->begin.x, box->end.x);
  }
  const Sections sections = judged_range(names, {covered.begin.z, covered.end.z}, z, "sections");
  const Sections rows = judged_range(names, {covered.begin.y, covered.end.y}, y, "rows");
  const Sections columns = judged_range(names, {covered.begin.x, covered.end.x}, x, "columns");
  return {{sections.begin, rows.begin, columns.begin}, {sections.end, rows.end, columns.end}};
}

void require_voxel_size(const EvaluateOptions& options, const EvaluateInputs& inputs) {
  const bool needed = options.distances || options.truth_gap_nm > 0 ||
                      options.match.criterion == MatchOptions::Criterion::centroid_distance;
  if (!needed || inputs.voxel_size) return;
  throw InputError(
      {.subject = to_string(inputs.labels.path()),
       .found = "neither it nor the truth has a voxel size",
       .expected = "one of the attributes element_size_um or resolution, or --voxel-size Z,Y,X, since nm are "
                   "asked for"});
}

/// A voxel size that contradicts the others' is more likely a file of something else than a harmless slip.
constexpr auto voxel_size_way_out = "--voxel-size Z,Y,X, in nm, which overrules the files";

void open_probability_of(const EvaluateOptions& options, const Place& labels, const Place& known,
                         EvaluateInputs& in) {
  in.probability.emplace(open_foreground(sized(options, *options.probability), options.foreground));
  const Place place = place_of(options, *in.probability);
  check_same_extent(labels, place);
  check_same_voxel_size(known, place, voxel_size_way_out);
  check_same_place(labels, place);
  check_sigma(options.sigma, labels.extent);
}

/// The mask, if there is one.
std::optional<MaskReader> open_mask(const EvaluateOptions& options, const Place& known) {
  if (!options.mask) return std::nullopt;
  std::optional<MaskReader> mask(PlacedMask{sized(options, options.mask->path), options.mask->begin});
  check_same_voxel_size(known, place_of(options, mask->reader()), voxel_size_way_out);
  check_mask_means_something(mask->reader());
  return mask;
}

/// A file of classes has a number for each of them, not for each object.
void warn_of_classes(const VolumeReader& truth) {
  const auto classes = stated_classes(truth);
  if (classes.size() > 1)
    log::warning("{}: says that its numbers are the classes {}; every number but 0 is taken for the truth",
                 to_string(truth.path()), fmt::join(classes, ", "));
}

VolumeReader open_labels(const EvaluateOptions& options) {
  if (options.labels_to_come) return open_probability(options.labels.file, *options.labels_to_come);
  return VolumeReader(sized(options, options.labels));
}

}  // namespace

EvaluateInputs open_inputs(const EvaluateOptions& options) {
  EvaluateInputs in{.labels = open_labels(options),
                    .truth = VolumeReader(sized(options, options.truth)),
                    .has_labels = !options.labels_to_come};
  const Place labels = place_of(options, in.labels), truth = place_of(options, in.truth);
  check_same_voxel_size(labels, truth, voxel_size_way_out);
  const Place& known = labels.voxel_size ? labels : truth;  // with which the others are compared
  in.voxel_size = known.voxel_size;
  const Box covered = box_of_truth(options, labels, truth, in.truth);
  if (options.probability) open_probability_of(options, labels, known, in);
  if (options.foreground && !options.probability)
    throw InputError({.subject = "--class",
                      .found = "is '" + *options.foreground + "', but there is no probability to judge",
                      .expected = "--probability beside it"});
  in.mask = open_mask(options, known);
  in.truth_begin = covered.begin;
  in.judged =
      judged_box(options, {truth.subject, labels.subject}, intersection(covered, whole_box(labels.extent)));
  require_voxel_size(options, in);
  warn_of_classes(in.truth);
  if (const std::string missing = in.truth.source().check_complete(); !missing.empty())
    log::info("{}: {}; no object is there", truth.subject, missing);
  return in;
}

PointInputs open_point_inputs(const EvaluateOptions& options) {
  PointInputs in{.labels = open_labels(options)};
  const Place labels = place_of(options, in.labels);
  if (!labels.voxel_size)
    throw InputError({.subject = labels.subject,
                      .found = "has no voxel size",
                      .expected = "one of the attributes element_size_um or resolution, or --voxel-size "
                                  "Z,Y,X, since distances to points are in nm"});
  in.voxel_size = *labels.voxel_size;
  in.mask = open_mask(options, labels);
  in.judged = judged_box(options, {options.truth_points->string(), labels.subject}, whole_box(labels.extent));
  return in;
}

}  // namespace cleft
