#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "blocks/block_grid.hpp"
#include "components/connectivity.hpp"
#include "components/distributed/merge.hpp"
#include "components/id_owners.hpp"
#include "components/label_block.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// To which component of the whole volume each local component of this rank's blocks belongs.
class GlobalComponents {
 public:
  /// \param first_of_block  Position in `canonical` of each block's local component 0, and one past the end.
  GlobalComponents(IdOwners owners, std::vector<std::size_t> first_of_block, MergedIds merged)
      : owners_(std::move(owners)), first_of_block_(std::move(first_of_block)), merged_(std::move(merged)) {}

  /// For each local component of one of this rank's blocks the canonical id of the whole component: the
  /// smallest provisional id in it. Two local components, of any blocks, belong together exactly when their
  /// canonical ids are equal.
  /// \param n  Position among the rank's own blocks, from 0.
  std::span<const ProvisionalId> of_block(std::size_t n) const {
    return std::span(merged_.canonical)
        .subspan(first_of_block_[n], first_of_block_[n + 1] - first_of_block_[n]);
  }
  /// Tells which rank is responsible for a component, by its canonical id. The same on every rank.
  const IdOwners& owners() const { return owners_; }
  const MergeStatistics& statistics() const { return merged_.statistics; }

 private:
  IdOwners owners_;
  std::vector<std::size_t> first_of_block_;
  MergedIds merged_;
};

/// Checks what label_across_blocks requires of a volume's extent, so that a volume too long for it is refused
/// before any work is done. Not collective.
/// \param subject  What a message calls the volume.
/// \throws InputError when it has 2^31 voxels or more along an axis.
void check_axis_lengths(const Extent& volume, const std::string& subject);

/// Joins the components of single blocks into those of the whole volume: gives every local component a
/// provisional id, finds where components of different blocks touch, and merges them. Collective over `comm`.
///
/// \param grid          The same on every rank.
/// \param owned_blocks  label_block of each block of owned_range(grid.count(), rank, ranks), in order, with
///                      the same connectivity; none on a rank that owns no block.
/// \returns             Which local components belong together depends on neither rank count nor block shape;
///                      the canonical ids depend on the block shape only.
/// \throws              CollectiveError on every rank when the volume has 2^31 voxels or more along an axis
///                      (see check_axis_lengths) or the blocks given are not the rank's own.
GlobalComponents label_across_blocks(const Communicator& comm, const BlockGrid& grid,
                                     std::span<const LabelledBlock> owned_blocks, Connectivity connectivity);

}  // namespace cleft
