#include "objects/judge/bridged_components.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <tuple>
#include <unordered_map>

#include "base/narrow.hpp"
#include "components/runs.hpp"
#include "components/union_find.hpp"

namespace cleft {
namespace {

using Row = std::span<const ObjectRun>;

/// Half the length of a disc's row, in voxels: index i is the row i away from the centre.
std::vector<std::int64_t> disc_rows(const Bridge& bridge) {
  constexpr double tolerance = 1e-6;  // voxels
  const double radius = bridge.reach_nm + tolerance * bridge.voxel_nm.y;
  std::vector<std::int64_t> rows;
  for (double dy = 0; dy <= radius; dy = narrow<double>(rows.size()) * bridge.voxel_nm.y)
    rows.push_back(
        static_cast<std::int64_t>(std::floor(std::sqrt(radius * radius - dy * dy) / bridge.voxel_nm.x)));
  return rows;
}

/// Sorts runs and joins those that overlap or touch, so that they are maximal.
std::vector<ObjectRun> joined(std::vector<ObjectRun> runs) {
  std::sort(runs.begin(), runs.end(), [](const ObjectRun& a, const ObjectRun& b) {
    return std::tie(a.z, a.y, a.begin) < std::tie(b.z, b.y, b.begin);
  });
  std::vector<ObjectRun> result;
  for (const ObjectRun& run : runs) {
    const bool joins = !result.empty() && result.back().z == run.z && result.back().y == run.y &&
                       run.begin <= result.back().end;
    if (joins) {
      result.back().end = std::max(result.back().end, run.end);
    } else {
      result.push_back(run);
    }
  }
  return result;
}

/// The mask after growing every voxel to a disc within its section.
std::vector<ObjectRun> grown_runs(std::span<const ObjectRun> runs, const Bridge& bridge,
                                  const Extent& section) {
  const std::vector<std::int64_t> disc = disc_rows(bridge);
  const auto reach = narrow<std::int64_t>(disc.size()) - 1;
  std::vector<ObjectRun> grown;
  for (const ObjectRun& run : runs) {
    for (std::int64_t dy = -reach; dy <= reach; ++dy) {
      const std::int64_t y = run.y + dy;
      if (y < 0 || y >= section.y) continue;
      const std::int64_t half = disc[to_size(std::abs(dy))];
      grown.push_back(
          {run.z, y, std::max<std::int64_t>(run.begin - half, 0), std::min(run.end + half, section.x), 0});
    }
  }
  return joined(std::move(grown));
}

/// Unites the runs of `later` with those of the row (z, y) they touch, a voxel apart along x included.
void unite_with_row(UnionFind<std::uint64_t>& sets, std::span<const ObjectRun> all, Row later, std::int64_t z,
                    std::int64_t y) {
  const Row earlier = row_of(all, z, y);
  for_each_touching(later, earlier, 1, [&](std::size_t i, std::size_t j) {
    sets.unite(narrow<std::uint64_t>(later.data() - all.data()) + i,
               narrow<std::uint64_t>(earlier.data() - all.data()) + j);
  });
}

/// Components of runs that touch, over faces, edges and corners, by index of run.
UnionFind<std::uint64_t> connected(std::span<const ObjectRun> runs) {
  UnionFind<std::uint64_t> sets(runs.size());
  for (std::size_t begin = 0; begin < runs.size();) {
    const Row row = row_of(runs.subspan(begin), runs[begin].z, runs[begin].y);
    const ObjectRun& at = row.front();
    unite_with_row(sets, runs, row, at.z, at.y - 1);
    for (const std::int64_t dy : {-1, 0, 1}) unite_with_row(sets, runs, row, at.z - 1, at.y + dy);
    begin += row.size();
  }
  return sets;
}

/// Index of the grown run that holds this run of the mask.
std::uint64_t holder(std::span<const ObjectRun> grown, const ObjectRun& run) {
  const auto after =
      std::upper_bound(grown.begin(), grown.end(), run, [](const ObjectRun& a, const ObjectRun& b) {
        return std::tie(a.z, a.y, a.begin) < std::tie(b.z, b.y, b.begin);
      });
  return narrow<std::uint64_t>(after - grown.begin()) - 1;
}

}  // namespace

void number_components(std::vector<ObjectRun>& runs, const Bridge& bridge, const Extent& section) {
  const std::vector<ObjectRun> grown = grown_runs(runs, bridge, section);
  UnionFind<std::uint64_t> sets = connected(grown);
  std::unordered_map<std::uint64_t, std::uint64_t> numbers;
  for (ObjectRun& run : runs)
    run.object = numbers.emplace(sets.find(holder(grown, run)), numbers.size() + 1).first->second;
}

}  // namespace cleft
