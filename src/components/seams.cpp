#include "components/seams.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// The 13 steps whose first non-zero coordinate is 1, those to faces first, then edges, then corners, so that
/// each connectivity uses a prefix.
constexpr std::array<Extent, 13> forward_steps{{{1, 0, 0},
                                                {0, 1, 0},
                                                {0, 0, 1},
                                                {1, 1, 0},
                                                {1, -1, 0},
                                                {1, 0, 1},
                                                {1, 0, -1},
                                                {0, 1, 1},
                                                {0, 1, -1},
                                                {1, 1, 1},
                                                {1, 1, -1},
                                                {1, -1, 1},
                                                {1, -1, -1}}};

/// The half-open part of [0, length) next to the neighbour in this direction along one axis.
struct Interval {
  std::int64_t begin, end;
};
Interval part_towards(std::int64_t direction, std::int64_t length) {
  return {direction > 0 ? length - 1 : 0, direction < 0 ? 1 : length};
}

}  // namespace

std::span<const Extent> forward_directions(Connectivity connectivity) {
  constexpr std::array<std::size_t, 3> counts{3, 9, 13};
  return std::span(forward_steps).first(counts[static_cast<std::size_t>(connectivity) - 1]);
}

std::vector<LayerRun> boundary_layer(const Runs& runs, const Box& core, const Extent& direction) {
  const Interval sections = part_towards(direction.z, runs.extent().z),
                 rows = part_towards(direction.y, runs.extent().y),
                 columns = part_towards(direction.x, runs.extent().x);
  std::vector<LayerRun> layer;
  for (std::int64_t z = sections.begin; z < sections.end; ++z) {
    for (std::int64_t y = rows.begin; y < rows.end; ++y) {
      const auto row = runs.row(z, y);
      auto run = std::ranges::upper_bound(row, columns.begin, {}, &Run::end);
      for (; run != row.end() && run->begin < columns.end; ++run)
        layer.push_back(
            {.z = narrow<std::int32_t>(core.begin.z + z),
             .y = narrow<std::int32_t>(core.begin.y + y),
             .begin = narrow<std::int32_t>(core.begin.x + std::max<std::int64_t>(run->begin, columns.begin)),
             .end = narrow<std::int32_t>(core.begin.x + std::min<std::int64_t>(run->end, columns.end)),
             .component = run->component});
    }
  }
  return layer;
}

std::vector<ComponentPair> touching_components(std::span<const LayerRun> here,
                                               std::span<const LayerRun> there, Connectivity connectivity) {
  std::vector<ComponentPair> pairs;
  for (auto rest = here; !rest.empty();) {
    const auto row = row_of(rest, rest.front().z, rest.front().y);
    rest = rest.subspan(row.size());
    for (int dz = -1; dz <= 1; ++dz) {
      for (int dy = -1; dy <= 1; ++dy) {
        const int reach = reach_along_x(connectivity, dz, dy);
        if (reach < 0) continue;
        const auto other = row_of(there, row.front().z + dz, row.front().y + dy);
        for_each_touching(row, other, reach, [&](std::size_t i, std::size_t j) {
          pairs.push_back({row[i].component, other[j].component});
        });
      }
    }
  }
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

}  // namespace cleft
