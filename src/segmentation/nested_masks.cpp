#include "segmentation/nested_masks.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <utility>

#include "base/narrow.hpp"
#include "base/threads.hpp"

namespace cleft {
namespace {

/// A range of x in a row.
struct Stretch {
  std::int64_t begin = 0, end = 0;
};

/// One row of the box.
template <class Stored>
struct Row {
  const float* smoothed;
  const Stored* stored;
  Background background;

  bool passes(std::int64_t x, float ratio) const {
    const float f = smoothed[x];
    return f > ratio * background_of(f, stored[x], background);
  }
};

/// The maximal stretches within those given of which every voxel passes the ratio.
template <class Stored>
std::vector<Stretch> within(std::span<const Stretch> stretches, const Row<Stored>& row, float ratio) {
  std::vector<Stretch> found;
  for (const Stretch& stretch : stretches)
    for (std::int64_t x = stretch.begin; x < stretch.end;) {
      while (x < stretch.end && !row.passes(x, ratio)) ++x;
      const std::int64_t begin = x;
      while (x < stretch.end && row.passes(x, ratio)) ++x;
      if (begin < x) found.push_back({begin, x});
    }
  return found;
}

/// Appends the runs of one row to those of each ratio.
template <class Stored>
void append_row(const Row<Stored>& row, std::int64_t z, std::int64_t y, std::int64_t length,
                std::span<const double> ratios, std::vector<std::vector<RowRun>>& runs) {
  std::vector<Stretch> stretches{{0, length}};
  for (std::size_t r = 0; r < ratios.size() && !stretches.empty(); ++r) {
    stretches = within<Stored>(stretches, row, static_cast<float>(ratios[r]));
    for (const Stretch& stretch : stretches)
      runs[r].push_back({narrow<std::int32_t>(z), narrow<std::int32_t>(y),
                         narrow<std::int32_t>(stretch.begin), narrow<std::int32_t>(stretch.end), 0});
  }
}

}  // namespace

template <class Stored>
std::vector<VoxelRuns> nested_masks(const View3<const float>& smoothed, const View3<const Stored>& stored,
                                    Background background, std::span<const double> ratios, int threads) {
  assert(std::ranges::is_sorted(ratios) && smoothed.extent() == stored.extent());
  const Extent extent = smoothed.extent();
  std::vector<std::vector<std::vector<RowRun>>> of_sections(to_size(extent.z),
                                                            std::vector<std::vector<RowRun>>(ratios.size()));
  run_on_threads(extent.z, threads, [&](std::int64_t z) {
    for (std::int64_t y = 0; y < extent.y; ++y)
      append_row<Stored>({smoothed.row(z, y), stored.row(z, y), background}, z, y, extent.x, ratios,
                         of_sections[to_size(z)]);
  });
  std::vector<VoxelRuns> masks;
  for (std::size_t r = 0; r < ratios.size(); ++r) {
    std::vector<RowRun> runs;
    for (auto& section : of_sections) {
      runs.insert(runs.end(), section[r].begin(), section[r].end());
      section[r] = {};  // so that both take no more than one and a section
    }
    masks.emplace_back(extent, runs);
  }
  return masks;
}

template std::vector<VoxelRuns> nested_masks(const View3<const float>&, const View3<const std::uint8_t>&,
                                             Background, std::span<const double>, int);
template std::vector<VoxelRuns> nested_masks(const View3<const float>&, const View3<const float>&, Background,
                                             std::span<const double>, int);

}  // namespace cleft
