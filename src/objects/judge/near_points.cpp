#include "objects/judge/near_points.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// A range of whole numbers, both ends included.
struct Range {
  std::int64_t first = 0, last = -1;
};

/// Those within `reach` of `centre` that lie in `limits`.
Range range_around(double centre, double reach, const Range& limits) {
  const auto low = narrow<double>(limits.first), high = narrow<double>(limits.last);
  const double first = std::max(std::ceil(centre - reach), low);
  const double last = std::min(std::floor(centre + reach), high);
  if (!(first <= last)) return {};
  return {static_cast<std::int64_t>(first), static_cast<std::int64_t>(last)};
}

/// The rows that have runs: no others need be looked at, however far a point may be from its object.
struct Rows {
  Range z, y;
};
Rows rows_of(std::span<const ObjectRun> runs) {
  if (runs.empty()) return {};
  Rows rows{{runs.front().z, runs.back().z}, {runs.front().y, runs.front().y}};
  for (const ObjectRun& run : runs) {
    rows.y.first = std::min(rows.y.first, run.y);
    rows.y.last = std::max(rows.y.last, run.y);
  }
  return rows;
}

/// Along x from the point to the nearest of the run's voxel centres; in voxels.
double distance_along_x(const ObjectRun& run, double x) {
  const double nearest = std::clamp(std::round(x), narrow<double>(run.begin), narrow<double>(run.end - 1));
  return std::abs(nearest - x);
}

/// Distances in nm to the objects near a point.
using Distances = std::map<std::uint64_t, double>;

void add_row(std::span<const ObjectRun> runs, std::int64_t z, std::int64_t y, const PerAxis<double>& point,
             double limit_nm, const VoxelSize& size, Distances& distances) {
  const double dz = (narrow<double>(z) - point.z) * size.z, dy = (narrow<double>(y) - point.y) * size.y;
  const double reach = limit_nm / size.x;  // voxels
  const auto before = [&](const ObjectRun& run) {
    return std::tie(run.z, run.y) < std::tie(z, y) ||
           (run.z == z && run.y == y && narrow<double>(run.end - 1) < point.x - reach);
  };
  for (auto run = std::ranges::partition_point(runs, before); run != runs.end(); ++run) {
    if (run->z != z || run->y != y || narrow<double>(run->begin) > point.x + reach) return;
    const double distance = std::hypot(dz, dy, distance_along_x(*run, point.x) * size.x);
    if (distance > limit_nm) continue;
    const auto [at, is_new] = distances.try_emplace(run->object, distance);
    at->second = std::min(at->second, distance);
  }
}

}  // namespace

std::vector<Candidate> pairs_near_points(std::span<const ObjectRun> runs, std::span<const RunObject> objects,
                                         std::span<const PerAxis<double>> points, double limit_nm,
                                         const VoxelSize& voxel_size) {
  const Rows rows = rows_of(runs);
  std::vector<Candidate> pairs;
  for (std::size_t p = 0; p < points.size(); ++p) {
    Distances distances;
    const Range z = range_around(points[p].z, limit_nm / voxel_size.z, rows.z);
    const Range y = range_around(points[p].y, limit_nm / voxel_size.y, rows.y);
    for (std::int64_t section = z.first; section <= z.last; ++section)
      for (std::int64_t row = y.first; row <= y.last; ++row)
        add_row(runs, section, row, points[p], limit_nm, voxel_size, distances);
    for (const auto& [id, distance] : distances) {
      const auto object = std::ranges::lower_bound(objects, id, {}, &RunObject::id);
      pairs.push_back({to_size(object - objects.begin()), p, 0, distance});
    }
  }
  std::ranges::sort(pairs, {}, [](const Candidate& c) { return std::pair(c.detection, c.truth); });
  return pairs;
}

Comparison compare_with_points(std::size_t points, const std::vector<Candidate>& near,
                               const std::vector<bool>& excusing) {
  Comparison result;
  result.excused = excusing;
  result.candidates = near;
  result.matches = match_one_to_one(excusing.size(), points, near);
  std::vector<bool> explained = excusing, found(points);
  for (const Candidate& match : result.matches) explained[match.detection] = found[match.truth] = true;
  for (std::size_t d = 0; d < explained.size(); ++d)
    if (!explained[d]) result.false_detections.push_back(d);
  for (std::size_t p = 0; p < found.size(); ++p)
    if (!found[p]) result.missed_truths.push_back(p);
  return result;
}

}  // namespace cleft
