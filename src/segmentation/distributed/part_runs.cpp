#include "segmentation/distributed/part_runs.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "base/narrow.hpp"
#include "blocks/ownership.hpp"

namespace cleft {
namespace {

/// The block that a voxel lies in.
std::int64_t block_of(const BlockGrid& grid, const GlobalVoxel& voxel) {
  const Extent& block = grid.block();
  return grid.number({voxel.z / block.z, voxel.y / block.y, voxel.x / block.x});
}

/// [rank] the runs that lie in its blocks, cut where they go from one block to the next.
std::vector<std::vector<NumberedRun>> runs_by_rank(const BlockGrid& grid, std::span<const NumberedRun> runs,
                                                   int ranks) {
  std::vector<std::vector<NumberedRun>> to(to_size(ranks));
  for (NumberedRun run : runs)
    for (const std::int32_t end = run.end; run.begin < end; run.begin = run.end) {
      const std::int64_t block = block_of(grid, {run.z, run.y, run.begin});
      run.end = narrow<std::int32_t>(std::min<std::int64_t>(end, grid.owned(block).end.x));
      to[to_size(owner_of(block, grid.count(), ranks))].push_back(run);
    }
  return to;
}

/// Drops the components of a block that are no object.
void drop_unnumbered(LabelledBlock& block, std::vector<std::uint64_t>& numbers) {
  std::vector<bool> keep;
  for (const std::uint64_t number : numbers) keep.push_back(number != 0);
  keep_components(block, keep);
  std::erase(numbers, 0);
}

/// All runs of a block.
std::vector<RowRun> all_runs(const LabelledBlock& block) {
  std::vector<RowRun> runs;
  for (std::int64_t z = 0; z < block.runs.extent().z; ++z)
    for (std::int64_t y = 0; y < block.runs.extent().y; ++y)
      for (const VoxelRun& run : block.runs.row(z, y))
        runs.push_back({narrow<std::int32_t>(z), narrow<std::int32_t>(y), narrow<std::int32_t>(run.begin),
                        narrow<std::int32_t>(run.end), run.component});
  return runs;
}

void add_parts(const std::vector<NumberedRun>& parts, const GlobalVoxel& begin, LabelledBlock& block,
               std::vector<std::uint64_t>& numbers) {
  drop_unnumbered(block, numbers);
  std::vector<RowRun> runs = all_runs(block);
  std::unordered_map<std::uint64_t, std::uint32_t> component_of;
  for (const NumberedRun& part : parts) {
    const auto [at, is_new] = component_of.try_emplace(part.number, narrow<std::uint32_t>(numbers.size()));
    if (is_new) numbers.push_back(part.number);
    runs.push_back({narrow<std::int32_t>(part.z - begin.z), narrow<std::int32_t>(part.y - begin.y),
                    narrow<std::int32_t>(part.begin - begin.x), narrow<std::int32_t>(part.end - begin.x),
                    at->second});
  }
  std::sort(runs.begin(), runs.end(), [](const RowRun& a, const RowRun& b) {
    return std::tie(a.z, a.y, a.begin) < std::tie(b.z, b.y, b.begin);
  });
  block.runs = VoxelRuns(block.runs.extent(), runs);
  block.component_count = narrow<std::uint32_t>(numbers.size());
}

}  // namespace

void put_parts_into_blocks(const Communicator& comm, const BlockGrid& grid, std::span<const NumberedRun> runs,
                           std::vector<LabelledBlock>& blocks,
                           std::vector<std::vector<std::uint64_t>>& numbers) {
  std::map<std::int64_t, std::vector<NumberedRun>> by_block;
  for (const auto& from_rank : comm.exchange(runs_by_rank(grid, runs, comm.size())))
    for (const NumberedRun& run : from_rank)
      by_block[block_of(grid, {run.z, run.y, run.begin})].push_back(run);
  const NumberRange mine = owned_range(grid.count(), comm.rank(), comm.size());
  for (const auto& [block, parts] : by_block) {
    const std::size_t n = to_size(block - mine.begin);
    add_parts(parts, grid.owned(block).begin, blocks[n], numbers[n]);
  }
}

}  // namespace cleft
