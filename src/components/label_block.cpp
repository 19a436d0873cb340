#include "components/label_block.hpp"

#include <array>
#include <utility>

#include "base/narrow.hpp"
#include "components/union_find.hpp"

namespace cleft {
namespace {

struct RowStep {
  int dz, dy;
};
/// From a row to those of its neighbouring rows that come before it: with them, each pair of rows is met
/// once.
constexpr std::array<RowStep, 4> earlier_rows{{{-1, -1}, {-1, 0}, {-1, 1}, {0, -1}}};

/// Unites the runs of row (z, y) with the runs they touch in one earlier row.
void unite_rows(const Runs& runs, std::int64_t z, std::int64_t y, const RowStep& step,
                Connectivity connectivity, UnionFind<std::uint32_t>& sets) {
  const std::int64_t earlier_z = z + step.dz, earlier_y = y + step.dy;
  const int reach = reach_along_x(connectivity, step.dz, step.dy);
  if (reach < 0 || earlier_z < 0 || earlier_y < 0 || earlier_y >= runs.extent().y) return;
  const std::uint32_t first = runs.row_range(z, y).first,
                      earlier_first = runs.row_range(earlier_z, earlier_y).first;
  for_each_touching(runs.row(z, y), runs.row(earlier_z, earlier_y), reach, [&](std::size_t i, std::size_t j) {
    sets.unite(first + narrow<std::uint32_t>(i), earlier_first + narrow<std::uint32_t>(j));
  });
}

/// Sets of runs that are connected inside the block; the root of a set is its first run.
UnionFind<std::uint32_t> connected_runs(const Runs& runs, Connectivity connectivity) {
  UnionFind<std::uint32_t> sets(narrow<std::uint32_t>(runs.all().size()));
  for (std::int64_t z = 0; z < runs.extent().z; ++z)
    for (std::int64_t y = 0; y < runs.extent().y; ++y) {
      if (runs.row(z, y).empty()) continue;  // most rows have none
      for (const RowStep& step : earlier_rows) unite_rows(runs, z, y, step, connectivity, sets);
    }
  return sets;
}

/// Numbers the sets in order of their roots, which is the order of the components' first voxels.
/// \returns How many there are.
std::uint32_t number_components(std::span<Run> runs, UnionFind<std::uint32_t>& sets) {
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < runs.size(); ++i) {
    const std::uint32_t root = sets.find(i);
    runs[i].component =
        root == i ? count++ : runs[root].component;  // the root comes first: it is numbered already
  }
  return count;
}

}  // namespace

LabelledBlock label_block(const View3<const std::uint8_t>& mask, Connectivity connectivity) {
  return label_runs(Runs(mask), connectivity);
}

LabelledBlock label_runs(Runs runs, Connectivity connectivity) {
  LabelledBlock block{std::move(runs)};
  if (block.runs.all().empty()) return block;
  auto sets = connected_runs(block.runs, connectivity);
  block.component_count = number_components(block.runs.all(), sets);
  return block;
}

std::vector<std::uint32_t> keep_components(LabelledBlock& block, const std::vector<bool>& keep) {
  std::vector<std::uint32_t> numbers(keep.size(), Runs::dropped);
  std::uint32_t count = 0;
  for (std::size_t c = 0; c < keep.size(); ++c)
    if (keep[c]) numbers[c] = count++;
  block.runs.renumber(numbers);
  block.component_count = count;
  return numbers;
}

}  // namespace cleft
