#include "cli/truth_arguments.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/text/numbers.hpp"
#include "cli/number_text.hpp"
#include "config/box_kind.hpp"
#include "review/review.hpp"

namespace cleft {
namespace {

/// How far from a detection a point may be that it stands for: such points are set by eye, as marks are.
constexpr double usual_distance_nm = one_mark_nm;

/// "5:10", "5:" or ":10"; nothing when it is not of this form.
std::optional<AskedSections> parse_sections(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || text.size() == 1) return std::nullopt;
  AskedSections asked;
  for (const auto& [part, bound] :
       {std::pair(text.substr(0, colon), &asked.begin), std::pair(text.substr(colon + 1), &asked.end)}) {
    if (part.empty()) continue;
    const auto given = numbers_in<std::int64_t>(part, ':');
    if (!given || given->size() != 1 || given->front() < 0) return std::nullopt;
    *bound = given->front();
  }
  if (asked.begin && asked.end && *asked.end <= *asked.begin) return std::nullopt;
  return asked;
}

/// "4:20, 8:, :", as volume.box; nothing when it is not of this form.
std::optional<Box> parse_box(const std::string& text) {
  try {
    return box_of_ranges().parse(YAML::Node(text), {});
  } catch (const BadValue&) {
    return std::nullopt;
  }
}

/// "8,0,0"; nothing when it is not of this form.
std::optional<Extent> parse_begin(const std::string& text) {
  const auto given = numbers_in<std::int64_t>(text, ',');
  constexpr std::int64_t farthest = 1'000'000'000'000;
  if (!given || given->size() != 3) return std::nullopt;
  for (const std::int64_t number : *given)
    if (number < -farthest || number > farthest) return std::nullopt;
  return Extent{given->at(0), given->at(1), given->at(2)};
}

std::string check_begin(const std::string& text) {
  return parse_begin(text) ? "" : "'" + text + "' is not a voxel such as 8,0,0";
}

std::string check_sections(const std::string& text) {
  return parse_sections(text) ? "" : "'" + text + "' is not a range of sections such as 5:10, 5: or :10";
}

std::string check_box(const std::string& text) {
  return parse_box(text) ? "" : "'" + text + "' is not a box such as 0:20,100:300,64: (z, y, x)";
}

std::string check_resamplings(const std::string& text) {
  const auto number = number_from<int>(text);
  const bool is_fit = number && (*number == 0 || (*number >= BootstrapOptions::min_resamplings &&
                                                  *number <= BootstrapOptions::max_resamplings));
  return is_fit ? ""
                : fmt::format("'{}' is neither 0 nor a whole number from {} to {}", text,
                              BootstrapOptions::min_resamplings, BootstrapOptions::max_resamplings);
}

void add_points(CLI::App& command, TruthArguments& a) {
  auto* points = command
                     .add_option("--truth-points", a.truth_points,
                                 "Instead: a table of points to be found, z, y, x in voxels of the volume "
                                 "and class; near those of class ignore nothing is false")
                     ->type_name("FILE.csv");
  command
      .add_option("--truth-class", a.truth_class,
                  "Class of the points that are to be found [the run's threshold.foreground, or synapse]")
      ->type_name("NAME")
      ->needs(points);
}

void add_reviews(CLI::App& command, TruthArguments& a) {
  command
      .add_option(
          "--review", a.options.reviews,
          "Instead: what people decided on the run's objects, files that the report's page saved: "
          "accepted ones are right, rejected ones false, marked places missed, others neither; can be "
          "given several times (a comma separates files, and cannot be in a path)")
      ->type_name("FILE.json,...")
      ->delimiter(',')
      ->allow_extra_args(false);
}

void add_part(CLI::App& command, TruthArguments& a) {
  auto* sections =
      command
          .add_option(
              "--sections", a.sections,
              "Judge these sections of the result only, counted from its own first one (with volume.box: "
              "of the box) [all that the truth covers]")
          ->type_name("FIRST:END")
          ->check(CLI::Validator(check_sections, ""));
  command
      .add_option("--box", a.box,
                  "Judge this box of the result only, in voxels counted likewise; an axis's end may be left "
                  "out, ':' is all of it")
      ->type_name("Z0:Z1,Y0:Y1,X0:X1")
      ->check(CLI::Validator(check_box, ""))
      ->excludes(sections);
  command.add_flag("--cut-objects", a.options.cut_objects,
                   "Cut objects to what is judged instead of looking at them whole: what reaches in from "
                   "outside counts as an object of its own");
}

void add_truth(CLI::App& command, TruthArguments& a) {
  command.add_option("--truth", a.truth, "Truth volume: every component of non-zero voxels is an object")
      ->type_name("FILE/DATASET");
  add_points(command, a);
  add_reviews(command, a);
  command.add_flag("--labelled-truth", a.options.truth_is_labelled,
                   "Every value of the truth is an object, however its voxels lie");
  command
      .add_option(
          "--truth-begin", a.truth_begin,
          "Voxel of the result, counted from its own first one, that a truth of another extent begins "
          "at [by its attribute offset], or that points count from [the first of the dataset, with "
          "volume.box too]")
      ->type_name("Z,Y,X")
      ->check(CLI::Validator(check_begin, ""));
  command
      .add_option("--truth-sections-from", a.truth_first_section,
                  "The same of a truth of whole sections: the section alone [by its attribute first_section, "
                  "which counts in the volume]")
      ->check(a_whole_number_at_least(0));
  add_part(command, a);
}

void add_matching(CLI::App& command, TruthArguments& a) {
  auto* overlap = command
                      .add_option("--overlap-voxels", a.options.match.overlap_voxels,
                                  "Objects match when they share at least so many voxels")
                      ->check(a_whole_number_at_least(1))
                      ->capture_default_str();
  auto* iou =
      command.add_option("--iou", a.iou, "Instead: when their intersection over union is at least this")
          ->check(a_fraction_above_zero())
          ->excludes(overlap);
  command
      .add_option("--distance-nm", a.distance_nm,
                  fmt::format("Instead: when their centroids are at most so far apart; with --truth-points, "
                              "and for the marks of --review where settings are tried: when the detection's "
                              "nearest voxel is at most so far from the point [{}]",
                              usual_distance_nm))
      ->check(a_number_at_least_zero())
      ->excludes(overlap)
      ->excludes(iou);
  command
      .add_option("--truth-gap-nm", a.options.truth_gap_nm,
                  "Grow the truth by this within its sections when its components are sought: bridges gaps")
      ->check(a_number_at_least_zero())
      ->capture_default_str();
  command
      .add_option("--min-truth", a.options.min_truth_size,
                  "Truth objects of fewer voxels count neither as missed nor, when found, as false")
      ->check(a_whole_number_at_least(1))
      ->capture_default_str();
}

void add_intervals(CLI::App& command, TruthArguments& a) {
  command
      .add_option("--bootstrap", a.options.bootstrap.resamplings,
                  "Draw the objects so many times for 95 % intervals of precision, recall and F1; "
                  "0: no intervals")
      ->check(CLI::Validator(check_resamplings, ""))
      ->capture_default_str();
  command.add_option("--seed", a.options.bootstrap.seed, "Of these draws")
      ->check(a_whole_number_at_least(0))
      ->capture_default_str();
}

}  // namespace

void add_truth_arguments(CLI::App& command, TruthArguments& arguments) {
  add_truth(command, arguments);
  add_matching(command, arguments);
  add_intervals(command, arguments);
  exclude_from_points(command, {"--truth", "--labelled-truth", "--truth-sections-from", "--cut-objects",
                                "--overlap-voxels", "--iou", "--truth-gap-nm", "--min-truth"});
  exclude_from_reviews(command, {"--truth", "--truth-points", "--labelled-truth", "--truth-begin",
                                 "--sections", "--box", "--truth-sections-from", "--cut-objects",
                                 "--overlap-voxels", "--iou", "--truth-gap-nm", "--min-truth"});
}

void exclude_from_points(CLI::App& command, std::initializer_list<const char*> names) {
  for (const char* name : names) command.get_option("--truth-points")->excludes(command.get_option(name));
}

void exclude_from_reviews(CLI::App& command, std::initializer_list<const char*> names) {
  for (const char* name : names) command.get_option("--review")->excludes(command.get_option(name));
}

EvaluateOptions options_of(const TruthArguments& arguments) {
  EvaluateOptions options = arguments.options;
  if (!arguments.truth_class.empty()) options.truth_class = arguments.truth_class;
  if (arguments.names_reviews()) {
    options.match = {.criterion = MatchOptions::Criterion::verdict, .distance_nm = usual_distance_nm};
  } else if (arguments.truth_points.empty()) {
    options.truth = VolumePath::parse(arguments.truth);
    options.truth.options.missing = Missing::sparse;  // objects alone may have been written
  } else {
    options.truth_points = arguments.truth_points;
    options.match = {.criterion = MatchOptions::Criterion::point_distance, .distance_nm = usual_distance_nm};
  }
  options.truth_first_section = arguments.truth_first_section;
  if (!arguments.truth_begin.empty()) options.truth_begin = parse_begin(arguments.truth_begin);
  if (!arguments.sections.empty()) options.sections = *parse_sections(arguments.sections);
  if (!arguments.box.empty()) options.box = parse_box(arguments.box);
  if (arguments.iou) {
    options.match.criterion = MatchOptions::Criterion::iou;
    options.match.iou = *arguments.iou;
  }
  if (arguments.distance_nm) {
    if (!options.truth_points && !arguments.names_reviews())
      options.match.criterion = MatchOptions::Criterion::centroid_distance;
    options.match.distance_nm = *arguments.distance_nm;
  }
  return options;
}

}  // namespace cleft
