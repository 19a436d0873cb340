#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/array3.hpp"
#include "base/narrow.hpp"

namespace cleft {

/// The voxels x = begin … end−1 of one row (z, y) of a block, all of one local component of that block. A run
/// is maximal: the voxels before and after it are outside the mask or outside the block, or, once touching
/// objects were told apart, of another component.
struct VoxelRun {
  std::uint32_t begin, end;  ///< counted from the block's first voxel
  std::uint32_t component;   ///< local component of the block
  friend bool operator==(const VoxelRun&, const VoxelRun&) = default;
};

/// A run and the row that it is in.
struct RowRun {
  std::int32_t z, y, begin, end;  ///< x = begin … end−1
  std::uint32_t component;
  friend bool operator==(const RowRun&, const RowRun&) = default;
};

/// The mask of one block as runs along x, in z, y, x order: the compact form in which a block's mask is held
/// between thresholding and writing labels. 12 bytes per run and 4 per row; an empty mask takes nothing per
/// row.
class VoxelRuns {
 public:
  /// No voxels.
  VoxelRuns() = default;
  /// \param mask  One block's voxels (z, y, x); non-zero is inside. All runs get component 0.
  /// \throws InputError when the block has 2^32 voxels or more: 32 bits could then not count its runs.
  explicit VoxelRuns(const View3<const std::uint8_t>& mask);
  /// Puts together the runs of a block that was thresholded in tiles: whole sections, or whole rows of one
  /// section.
  /// \param block  Extent of the block (z, y, x), in voxels.
  /// \param tiles  In z, y order; together all rows of the block.
  /// \throws InputError as above.
  VoxelRuns(const Extent& block, std::span<const VoxelRuns> tiles);
  /// \param block  Extent of the block (z, y, x), in voxels.
  /// \param runs   In z, y, x order, counted from the block's first voxel; no voxel is in two of them.
  /// \throws InputError as above.
  VoxelRuns(const Extent& block, std::span<const RowRun> runs);

  /// Extent (z, y, x) of the block that the runs were taken from, in voxels.
  const Extent& extent() const { return extent_; }
  /// The runs of one row, in order of x.
  /// \pre (z, y) lies in the block.
  std::span<const VoxelRun> row(std::int64_t z, std::int64_t y) const {
    const Range range = row_range(z, y);
    return std::span(runs_).subspan(range.first, range.last - range.first);
  }
  /// All runs in z, y, x order.
  std::span<const VoxelRun> all() const { return runs_; }
  std::span<VoxelRun> all() { return runs_; }

  /// Stands in `numbers` for a component whose runs are to be dropped.
  static constexpr std::uint32_t dropped = ~std::uint32_t{0};
  /// Renumbers the components: a run of component c becomes one of numbers[c], or is dropped.
  /// \pre `numbers` has a number for the component of every run.
  void renumber(std::span<const std::uint32_t> numbers);

  /// The part first … last − 1 of all().
  struct Range {
    std::uint32_t first, last;
  };
  /// Which part of all() are the runs of one row.
  /// \pre (z, y) lies in the block.
  Range row_range(std::int64_t z, std::int64_t y) const {
    if (runs_.empty()) return {0, 0};
    const auto row = to_size(z * extent_.y + y);
    return {row_begin_[row], row_begin_[row + 1]};
  }

 private:
  Extent extent_;
  std::vector<std::uint32_t> row_begin_;  // one per row and one past the end; empty when there are no runs
  std::vector<VoxelRun> runs_;
};

/// The runs of row (z, y) among runs of many rows; empty when the row has none. By binary search.
/// \tparam RunType  Has members z and y.
/// \param runs      In z, y, x order.
template <class RunType>
std::span<const RunType> row_of(std::span<const RunType> runs, decltype(RunType::z) z,
                                decltype(RunType::y) y) {
  const auto row_number = [](const RunType& run) { return std::pair(run.z, run.y); };
  const auto begin = std::ranges::lower_bound(runs, std::pair(z, y), {}, row_number);
  const auto end = std::ranges::upper_bound(begin, runs.end(), std::pair(z, y), {}, row_number);
  return {begin, end};
}

/// Calls visit(i, j) for each pair of runs a[i], b[j] that have voxels at most `reach` apart along x. One
/// merge of two sorted lists: linear in their lengths.
/// \tparam RunType  Has members begin and end.
/// \param a, b      Each the runs of one row: in order of x, at least one voxel between one run and the next.
/// \param reach     0 (runs overlap) or 1 (runs overlap or adjoin), see reach_along_x.
template <class RunType, class Visit>
void for_each_touching(std::span<const RunType> a, std::span<const RunType> b, int reach,
                       const Visit& visit) {
  using Coordinate = decltype(RunType::begin);
  const auto margin = narrow<Coordinate>(reach);
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    // The 1 is subtracted before `margin` is added: end + 1 might be more than a coordinate can hold.
    if (a[i].begin <= b[j].end - 1 + margin && b[j].begin <= a[i].end - 1 + margin) visit(i, j);
    // The run that ends first touches no further run of the other list: the next one there begins after the
    // current one's end, which is at or beyond this run's end.
    if (a[i].end < b[j].end) {
      ++i;
    } else {
      ++j;
    }
  }
}

}  // namespace cleft
