#include "objects/judge/near_pairs.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>

namespace cleft {
namespace {

using Point = PerAxis<double>;  // in nm

/// Cells only narrow the search, with a margin of 1 nm for rounding; the distance decides.
constexpr double margin_nm = 1;

double distance_nm(const RunObject& a, const RunObject& b, const VoxelSize& voxel) {
  return std::hypot((a.centroid.z - b.centroid.z) * voxel.z, (a.centroid.y - b.centroid.y) * voxel.y,
                    (a.centroid.x - b.centroid.x) * voxel.x);
}

/// Truth objects, sorted by their cell in z and y, then by x. Cells are as long as the limit, so that what is
/// near lies in one of nine rows of cells.
class SortedPoints {
 public:
  SortedPoints(std::span<const RunObject> objects, double limit_nm, const VoxelSize& voxel)
      : limit_nm_(limit_nm + margin_nm), voxel_(voxel) {
    points_.reserve(objects.size());
    for (std::size_t i = 0; i < objects.size(); ++i) {
      const Point at = place_of(objects[i]);
      points_.push_back({cell(at.z), cell(at.y), at.x, i});
    }
    std::ranges::sort(points_, {}, &Entry::order);
  }

  /// Calls visit(index) for each object whose distance may be within the limit.
  template <class Visit>
  void visit_near(const RunObject& object, const Visit& visit) const {
    const Point at = place_of(object);
    // Not counted up: beyond 2^53 adding 1 changes nothing.
    for (const double beside_z : {-1.0, 0.0, 1.0})
      for (const double beside_y : {-1.0, 0.0, 1.0}) {
        const double z = cell(at.z) + beside_z, y = cell(at.y) + beside_y;
        auto entry = std::ranges::lower_bound(points_, std::tuple(z, y, at.x - limit_nm_), {}, &Entry::key);
        for (; entry != points_.end() && entry->z == z && entry->y == y; ++entry) {
          if (entry->x > at.x + limit_nm_) break;
          visit(entry->object);
        }
      }
  }

 private:
  struct Entry {
    double z, y;  // cells
    double x;     // nm
    std::size_t object;

    std::tuple<double, double, double> key() const { return {z, y, x}; }
    std::tuple<double, double, double, std::size_t> order() const { return {z, y, x, object}; }
  };

  Point place_of(const RunObject& object) const {
    const auto& c = object.centroid;
    return {c.z * voxel_.z, c.y * voxel_.y, c.x * voxel_.x};
  }
  /// A whole number, kept as a double: however large it is, nothing overflows.
  double cell(double nm) const { return std::floor(nm / limit_nm_); }

  double limit_nm_;
  VoxelSize voxel_;
  std::vector<Entry> points_;
};

}  // namespace

std::vector<Candidate> near_pairs(std::span<const RunObject> detections, std::span<const RunObject> truths,
                                  std::span<const Candidate> overlaps, double limit_nm,
                                  const VoxelSize& voxel_size) {
  const SortedPoints points(truths, limit_nm, voxel_size);
  std::vector<Candidate> near;
  auto common = overlaps.begin();
  for (std::size_t d = 0; d < detections.size(); ++d) {
    const std::size_t first = near.size();
    points.visit_near(detections[d], [&](std::size_t t) {
      const double distance = distance_nm(detections[d], truths[t], voxel_size);
      if (distance <= limit_nm) near.push_back({d, t, 0, distance});
    });
    const auto of_this = std::span(near).subspan(first);
    std::ranges::sort(of_this, {}, &Candidate::truth);
    const auto end =
        std::find_if(common, overlaps.end(), [&](const Candidate& c) { return c.detection != d; });
    for (Candidate& pair : of_this) {
      const auto at = std::ranges::lower_bound(common, end, pair.truth, {}, &Candidate::truth);
      if (at != end && at->truth == pair.truth) pair.overlap = at->overlap;
    }
    common = end;
  }
  return near;
}

}  // namespace cleft
