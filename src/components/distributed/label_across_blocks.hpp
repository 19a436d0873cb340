#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "blocks/block_grid.hpp"
#include "components/connectivity.hpp"
#include "components/distributed/merge.hpp"
#include "components/label_block.hpp"
#include "components/label_owners.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// To which component of the whole volume each local component of this rank's blocks belongs.
class GlobalLabels {
 public:
  /// \param first_of_block  Position in `canonical` of each block's local component 0, and one past the end.
  GlobalLabels(LabelOwners owners, std::vector<std::size_t> first_of_block, MergedLabels merged)
      : owners_(std::move(owners)), first_of_block_(std::move(first_of_block)), merged_(std::move(merged)) {}

  /// For each local component of one of this rank's blocks the canonical label of its component: the smallest
  /// provisional label in it. Two local components, of any blocks, belong together exactly when their
  /// canonical labels are equal.
  /// \param n  Position among the rank's own blocks, from 0.
  std::span<const Label> of_block(std::size_t n) const {
    return std::span(merged_.canonical)
        .subspan(first_of_block_[n], first_of_block_[n + 1] - first_of_block_[n]);
  }
  /// The rank that is responsible for a component, by its canonical label. The same on every rank.
  const LabelOwners& owners() const { return owners_; }
  const MergeStatistics& statistics() const { return merged_.statistics; }

 private:
  LabelOwners owners_;
  std::vector<std::size_t> first_of_block_;
  MergedLabels merged_;
};

/// Looks at what label_across_blocks needs of a volume, so that it can be refused before work is done on it.
/// Not collective.
/// \param subject  What a message calls the volume.
/// \throws InputError when it has 2^31 voxels or more along an axis.
void check_axis_lengths(const Extent& volume, const std::string& subject);

/// Joins the components of single blocks into those of the whole volume: numbers all local components
/// through, finds where they touch across faces, edges and corners, and merges them. Collective over `comm`.
///
/// \param grid          The same on every rank.
/// \param owned_blocks  label_block of each block of owned_range(grid.count(), rank, ranks), in order, with
///                      the same connectivity; none on a rank that owns no block.
/// \returns             Components that depend on neither rank count nor block shape; which numbers stand
///                      for them depends on the block shape only.
/// \throws CollectiveError on every rank when the volume has 2^31 voxels or more along an axis (see
///                         check_axis_lengths) or the blocks given are not the rank's own.
GlobalLabels label_across_blocks(const Communicator& comm, const BlockGrid& grid,
                                 std::span<const LabelledBlock> owned_blocks, Connectivity connectivity);

}  // namespace cleft
