#include "io/volume/point_csv.hpp"

#include <array>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/text/numbers.hpp"
#include "io/volume/label_table.hpp"

namespace cleft {
namespace {

/// A number of the table.
/// \param name  Of its column.
double parse_number(const std::string& text, const char* name, const std::string& subject) {
  constexpr double farthest = 0x1p53;  // whole voxels are exact up to there
  const auto value = number_from<double>(text);
  if (!value || std::abs(*value) > farthest)
    throw InputError({subject, fmt::format("{} is {}", name, number_in_table(text)), "a number"});
  return *value;
}

std::optional<double> parse_radius(const std::string& text, const std::string& subject) {
  if (text.empty()) return std::nullopt;
  const double radius = parse_number(text, "radius_nm", subject);
  if (radius <= 0)
    throw InputError({subject, fmt::format("radius_nm is {}", number_in_table(text)), "a number above 0"});
  return radius;
}

}  // namespace

GlobalVoxel voxel_at_place(const PerAxis<double>& place) {
  const auto nearest = [](double v) { return static_cast<std::int64_t>(std::floor(v + 0.5)); };
  return {nearest(place.z), nearest(place.y), nearest(place.x)};
}

std::vector<MarkedPoint> read_point_csv(const std::filesystem::path& path, const Extent& begin) {
  constexpr std::array<const char*, 3> names{"z", "y", "x"};
  LabelTable table(path, "radius_nm");
  std::vector<MarkedPoint> points;
  while (const auto row = table.next()) {
    const std::string subject = table.subject(row->line);
    MarkedPoint point{.centre = {}, .of_class = row->of_class, .radius_nm = {}, .line = row->line};
    for (int axis = 0; axis < 3; ++axis)
      point.centre[axis] = parse_number(row->place.at(to_size(axis)), names.at(to_size(axis)), subject) +
                           narrow<double>(begin[axis]);
    point.radius_nm = parse_radius(row->more, subject);
    points.push_back(point);
  }
  return points;
}

}  // namespace cleft
