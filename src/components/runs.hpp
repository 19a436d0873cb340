#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/array3.hpp"
#include "base/narrow.hpp"

namespace cleft {

/// The voxels x = begin … end−1 of one (z, y) row of a block, all of one local component of that block. Runs
/// are maximal: the voxels before and after are outside the mask or outside the block.
struct Run {
  std::uint32_t begin, end;  ///< counted from the block's first voxel
  std::uint32_t component;   ///< local component of the block
  friend bool operator==(const Run&, const Run&) = default;
};

/// The mask of one block as runs along x, in z, y, x order: 12 bytes per run and 4 per row, nothing per row
/// when the mask is empty. What a block's voxels are kept as from thresholding until its labels are written.
class Runs {
 public:
  /// No voxels.
  Runs() = default;
  /// \param mask  One block's voxels (z, y, x); non-zero is inside. All runs get component 0.
  /// \throws InputError when the block has 2^32 voxels or more: 32 bits could then not count its runs.
  explicit Runs(const View3<const std::uint8_t>& mask);
  /// The runs of a block that was looked at in pieces: whole sections, or whole rows of one section.
  /// \param pieces  In z, y order; together all rows of the block.
  /// \throws InputError as above.
  Runs(const Extent& block, std::span<const Runs> pieces);

  /// Of the block the runs were taken from.
  const Extent& extent() const { return extent_; }
  /// The runs of one row, in order of x.
  /// \pre (z, y) lies in the block.
  std::span<const Run> row(std::int64_t z, std::int64_t y) const {
    const Range range = row_range(z, y);
    return std::span(runs_).subspan(range.first, range.last - range.first);
  }
  /// All runs in z, y, x order.
  std::span<const Run> all() const { return runs_; }
  std::span<Run> all() { return runs_; }

  /// What a run's component becomes when the run is to go.
  static constexpr std::uint32_t dropped = ~std::uint32_t{0};
  /// Gives each run numbers[its component] as its component, or drops it.
  /// \pre There is a number for the component of every run.
  void renumber(std::span<const std::uint32_t> numbers);

  struct Range {
    std::uint32_t first, last;
  };
  /// Which part of all() is one row.
  /// \pre (z, y) lies in the block.
  Range row_range(std::int64_t z, std::int64_t y) const {
    if (runs_.empty()) return {0, 0};
    const auto row = to_size(z * extent_.y + y);
    return {row_begin_[row], row_begin_[row + 1]};
  }

 private:
  Extent extent_;
  std::vector<std::uint32_t> row_begin_;  // one per row and one past the end; empty when there are no runs
  std::vector<Run> runs_;
};

/// The runs of row (z, y) among runs with a z and a y; empty when the row has none.
/// \pre `runs` are in z, y, x order.
template <class RunType>
std::span<const RunType> row_of(std::span<const RunType> runs, decltype(RunType::z) z,
                                decltype(RunType::y) y) {
  const auto row_number = [](const RunType& run) { return std::pair(run.z, run.y); };
  const auto begin = std::ranges::lower_bound(runs, std::pair(z, y), {}, row_number);
  const auto end = std::ranges::upper_bound(begin, runs.end(), std::pair(z, y), {}, row_number);
  return {begin, end};
}

/// Calls visit(i, j) for each pair of runs a[i], b[j] of which some voxels lie at most `reach` (0 or 1) apart
/// along x: one merge of two sorted lists, linear in their lengths.
/// \pre Both are in order of x, and runs of one list are at least one voxel apart, as those of one row are.
template <class RunType, class Visit>
void for_each_touching(std::span<const RunType> a, std::span<const RunType> b, int reach,
                       const Visit& visit) {
  using Coordinate = decltype(RunType::begin);
  const auto margin = static_cast<Coordinate>(reach);
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    // end − 1 first: end + 1 may be more than a coordinate can hold.
    if (a[i].begin <= b[j].end - 1 + margin && b[j].begin <= a[i].end - 1 + margin) visit(i, j);
    // The run that ends first touches nothing further: what follows the other one begins beyond other.end >=
    // its own end.
    if (a[i].end < b[j].end) {
      ++i;
    } else {
      ++j;
    }
  }
}

}  // namespace cleft
