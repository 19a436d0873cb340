#include "objects/judge/voxel_distances.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "base/array3.hpp"
#include "base/narrow.hpp"
#include "components/count_voxels.hpp"
#include "components/distance_transform.hpp"

namespace cleft {
namespace {

using Runs = std::span<const ObjectRun>;

/// Rows and columns of a section, half-open.
struct Rectangle {
  std::int64_t y0 = 0, y1 = 0, x0 = 0, x1 = 0;
};

/// The smallest one around all runs.
/// \pre There are some.
Rectangle around(Runs a, Runs b) {
  constexpr auto far = std::numeric_limits<std::int64_t>::max();
  Rectangle r{far, -far, far, -far};
  for (const Runs runs : {a, b})
    for (const ObjectRun& run : runs)
      r = {std::min(r.y0, run.y), std::max(r.y1, run.y + 1), std::min(r.x0, run.begin),
           std::max(r.x1, run.end)};
  return r;
}

/// The runs at the beginning that lie in the same section as the first.
/// \pre Not empty.
Runs first_section(Runs runs) {
  const auto end = std::ranges::upper_bound(runs, runs.front().z, {}, &ObjectRun::z);
  return {runs.begin(), end};
}

/// Squared distances within a section from each voxel of the rectangle to the nearest one of the runs.
Array3<double> distances_within(Runs section, const Rectangle& r, const VoxelSize& voxel_nm) {
  Array3<std::uint8_t> mask({1, r.y1 - r.y0, r.x1 - r.x0});
  mask.fill(1);
  for (const ObjectRun& run : section)
    std::fill(mask.row(0, run.y - r.y0) + (run.begin - r.x0), mask.row(0, run.y - r.y0) + (run.end - r.x0),
              0);
  return squared_distance_to_zero(mask.view(), voxel_nm);
}

/// Sum of the distances from each voxel of `from` to the nearest one of `to`.
/// \pre Neither is empty.
double sum_of_distances(Runs from, Runs to, const VoxelSize& voxel_nm) {
  const Rectangle r = around(from, to);
  std::vector<double> least(to_size(count_voxels(from)), std::numeric_limits<double>::infinity());
  for (Runs rest = to; !rest.empty();) {
    const Runs section = first_section(rest);
    rest = rest.subspan(section.size());
    const auto within = distances_within(section, r, voxel_nm);
    std::size_t at = 0;
    for (const ObjectRun& run : from) {
      const double away = narrow<double>(run.z - section.front().z) * voxel_nm.z;
      const double* row = within.row(0, run.y - r.y0) - r.x0;
      for (std::int64_t x = run.begin; x < run.end; ++x, ++at)
        least[at] = std::min(least[at], row[x] + away * away);
    }
  }
  double sum = 0;
  for (const double squared : least) sum += std::sqrt(squared);
  return sum;
}

std::optional<double> mean(double sum, std::int64_t count) {
  if (count == 0) return std::nullopt;
  return sum / narrow<double>(count);
}

}  // namespace

std::optional<double> VoxelDistances::cremi_score() const {
  if (!detected_to_truth || !truth_to_detected) return std::nullopt;
  return (*detected_to_truth + *truth_to_detected) / 2;
}

std::vector<ObjectRun> without(std::span<const ObjectRun> runs, std::span<const ObjectRun> others) {
  std::vector<ObjectRun> rest;
  auto other = others.begin();
  for (ObjectRun run : runs) {
    const auto is_before = [&](const ObjectRun& o) {
      return std::tie(o.z, o.y) < std::tie(run.z, run.y) ||
             (o.z == run.z && o.y == run.y && o.end <= run.begin);
    };
    while (other != others.end() && is_before(*other)) ++other;
    for (auto cut = other; cut != others.end() && cut->z == run.z && cut->y == run.y && cut->begin < run.end;
         ++cut) {
      if (cut->begin > run.begin) rest.push_back({run.z, run.y, run.begin, cut->begin, run.object});
      run.begin = std::min(cut->end, run.end);
    }
    if (run.begin < run.end) rest.push_back(run);
  }
  return rest;
}

VoxelDistances voxel_distances(std::span<const ObjectRun> detected, std::span<const ObjectRun> truth,
                               const VoxelSize& voxel_nm) {
  VoxelDistances distances;
  if (detected.empty() || truth.empty()) return distances;
  const auto wrong = without(detected, truth), missed = without(truth, detected);
  const double of_wrong = wrong.empty() ? 0 : sum_of_distances(wrong, truth, voxel_nm);
  const double of_missed = missed.empty() ? 0 : sum_of_distances(missed, detected, voxel_nm);
  distances.detected_to_truth = mean(of_wrong, count_voxels(detected));
  distances.truth_to_detected = mean(of_missed, count_voxels(truth));
  distances.false_to_truth = mean(of_wrong, count_voxels(wrong));
  distances.missed_to_detected = mean(of_missed, count_voxels(missed));
  return distances;
}

}  // namespace cleft
