#include "components/voxel_runs.hpp"

#include <cassert>
#include <cstring>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

constexpr std::int64_t voxel_limit = std::int64_t{1} << 32;

/// The first x in [begin, end) inside the mask, or `end`. Most of a volume is outside, so eight voxels are
/// tested at a time.
std::int64_t first_inside(const std::uint8_t* row, std::int64_t begin, std::int64_t end) {
  std::int64_t x = begin;
  for (std::uint64_t eight = 0; x + 8 <= end; x += 8) {
    std::memcpy(&eight, row + x, sizeof eight);
    if (eight != 0) break;
  }
  while (x < end && row[x] == 0) ++x;
  return x;
}

/// The first x in [begin, end) outside the mask, or `end`.
std::int64_t first_outside(const std::uint8_t* row, std::int64_t begin, std::int64_t end) {
  const void* outside = std::memchr(row + begin, 0, to_size(end - begin));
  return outside == nullptr ? end : static_cast<const std::uint8_t*>(outside) - row;
}

void check_countable(const Extent& block) {
  if (voxel_count(block) >= voxel_limit)
    throw InputError(
        {.subject = "block shape", .found = to_string(block), .expected = "fewer than 2^32 voxels"});
}

void append_runs(const std::uint8_t* row, std::int64_t length, std::vector<VoxelRun>& runs) {
  for (std::int64_t x = first_inside(row, 0, length); x < length;) {
    const std::int64_t end = first_outside(row, x, length);
    runs.push_back({narrow<std::uint32_t>(x), narrow<std::uint32_t>(end), 0});
    x = first_inside(row, end, length);
  }
}

}  // namespace

VoxelRuns::VoxelRuns(const View3<const std::uint8_t>& mask) : extent_(mask.extent()) {
  check_countable(extent_);
  row_begin_.reserve(to_size(extent_.z * extent_.y) + 1);
  for (std::int64_t z = 0; z < extent_.z; ++z) {
    for (std::int64_t y = 0; y < extent_.y; ++y) {
      row_begin_.push_back(narrow<std::uint32_t>(runs_.size()));
      append_runs(mask.row(z, y), extent_.x, runs_);
    }
  }
  row_begin_.push_back(narrow<std::uint32_t>(runs_.size()));
  runs_.shrink_to_fit();
  if (runs_.empty()) row_begin_ = {};
}

VoxelRuns::VoxelRuns(const Extent& block, std::span<const VoxelRuns> tiles) : extent_(block) {
  check_countable(block);
  std::size_t count = 0;
  for (const VoxelRuns& tile : tiles) count += tile.runs_.size();
  if (count == 0) return;
  runs_.reserve(count);
  row_begin_.reserve(to_size(block.z * block.y) + 1);
  for (const VoxelRuns& tile : tiles) {
    assert(tile.extent_.x == block.x && (tile.extent_.y == block.y || tile.extent_.z == 1));
    const auto before = narrow<std::uint32_t>(runs_.size());
    for (std::int64_t z = 0; z < tile.extent_.z; ++z)
      for (std::int64_t y = 0; y < tile.extent_.y; ++y)
        row_begin_.push_back(before + tile.row_range(z, y).first);
    runs_.insert(runs_.end(), tile.runs_.begin(), tile.runs_.end());
  }
  assert(row_begin_.size() == to_size(block.z * block.y));
  row_begin_.push_back(narrow<std::uint32_t>(count));
}

VoxelRuns::VoxelRuns(const Extent& block, std::span<const RowRun> runs) : extent_(block) {
  check_countable(block);
  if (runs.empty()) return;
  runs_.reserve(runs.size());
  row_begin_.reserve(to_size(block.z * block.y) + 1);
  for (const RowRun& run : runs) {
    assert(run.z < block.z && run.y < block.y && run.end <= block.x);
    const std::size_t row = to_size(run.z * block.y + run.y);
    assert(row + 1 >= row_begin_.size());
    row_begin_.resize(row + 1, narrow<std::uint32_t>(runs_.size()));
    runs_.push_back({narrow<std::uint32_t>(run.begin), narrow<std::uint32_t>(run.end), run.component});
  }
  row_begin_.resize(to_size(block.z * block.y) + 1, narrow<std::uint32_t>(runs_.size()));
}

void VoxelRuns::renumber(std::span<const std::uint32_t> numbers) {
  std::uint32_t kept = 0, next = 0;
  for (std::size_t row = 0; row + 1 < row_begin_.size(); ++row) {
    const std::uint32_t end = row_begin_[row + 1];
    row_begin_[row] = kept;
    for (; next < end; ++next) {
      const VoxelRun run = runs_[next];
      if (numbers[run.component] != dropped) runs_[kept++] = {run.begin, run.end, numbers[run.component]};
    }
  }
  runs_.resize(kept);
  runs_.shrink_to_fit();
  if (runs_.empty()) {
    row_begin_ = {};
  } else {
    row_begin_.back() = kept;
  }
}

}  // namespace cleft
