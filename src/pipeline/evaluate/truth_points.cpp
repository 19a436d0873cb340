#include "pipeline/evaluate/truth_points.hpp"

#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/place.hpp"
#include "base/printable.hpp"
#include "io/volume/label_table.hpp"
#include "io/volume/point_csv.hpp"

namespace cleft {
namespace {

bool is_judged(const PointInputs& in, const PerAxis<double>& place) {
  const GlobalVoxel voxel = voxel_at_place(place);
  if (!in.judged.contains(voxel)) return false;
  if (!in.mask) return true;
  Array3<std::uint8_t> inside({1, 1, 1});
  in.mask->read(box_at(voxel, {1, 1, 1}), inside.view());
  return inside(0, 0, 0) != 0;
}

/// Whoever misspells the class would get a truth without a site.
void check_class(const EvaluateOptions& options, const std::string& of_class,
                 const std::vector<MarkedPoint>& points) {
  std::set<std::string> classes;
  for (const MarkedPoint& point : points) classes.insert(point.of_class);
  if (classes.empty() || classes.contains(of_class) || classes == std::set<std::string>{ignored_class})
    return;
  constexpr std::size_t max_text = 200;
  throw InputError(
      {options.truth_points->string(), fmt::format("has no point of class '{}'", of_class),
       printable(fmt::format("--truth-class with one of its classes: {}", fmt::join(classes, ", ")),
                 max_text)});
}

/// Whoever gives some classes by name and some by number means the number of a class that only a
/// configuration knows; here it would count for nothing.
void check_no_numbers(const EvaluateOptions& options, const std::string& of_class,
                      const std::vector<MarkedPoint>& points) {
  if (whole_number_of_table(of_class)) return;
  for (const MarkedPoint& point : points)
    if (whole_number_of_table(point.of_class))
      throw InputError({fmt::format("{}:{}", options.truth_points->string(), point.line),
                        fmt::format("gives its class as the number {}; judged is the class '{}'",
                                    in_quotes(point.of_class), printable(of_class)),
                        "the names of classes, or --truth-class with a number where all are numbers"});
}

}  // namespace

TruthPoints read_truth_points(const PointInputs& in, const EvaluateOptions& options,
                              const std::string& of_class) {
  const GlobalVoxel& first = options.labels_begin;
  const Extent begin = options.truth_begin.value_or(Extent{-first.z, -first.y, -first.x});
  const auto points = read_point_csv(*options.truth_points, begin);
  check_no_numbers(options, of_class, points);
  check_class(options, of_class, points);
  TruthPoints truth;
  std::map<std::string, std::int64_t> others;
  for (const MarkedPoint& point : points)
    if (point.of_class != of_class && point.of_class != ignored_class) ++others[point.of_class];
  for (const auto& [other, count] : others)
    log::warning("{}: {} of class {} for nothing; judged is '{}' (--truth-class)",
                 options.truth_points->string(),
                 count == 1 ? "1 point counts" : fmt::format("{} points count", count), in_quotes(other),
                 printable(of_class));
  for (const MarkedPoint& point : points) {
    if (point.of_class == of_class && is_judged(in, point.centre)) {
      truth.sites.push_back(point.centre);
      truth.lines.push_back(narrow<std::uint64_t>(point.line));
    } else if (point.of_class == of_class || point.of_class == ignored_class) {
      truth.excusing.push_back(point.centre);
      ++(point.of_class == of_class ? truth.outside : truth.ignored);
    }
  }
  return truth;
}

}  // namespace cleft
