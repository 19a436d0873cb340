#pragma once

#include <cstdint>

#include "base/box.hpp"

namespace cleft {

/// Cuts a volume into blocks. Blocks are numbered in z, y, x order, x fastest. A block's owned box is the
/// voxels it alone is responsible for: the owned boxes partition the volume. Its padded box is the owned box
/// grown by the halo on every side and cut back at the volume's edge, where filters reflect instead.
///
/// For example a volume of 5 x 4 x 10 voxels, blocks of 5 x 4 x 4 and a halo of 1: the owned boxes are
/// x 0:4, 4:8 and 8:10, their padded boxes x 0:5, 3:9 and 7:10.
class BlockGrid {
 public:
  /// \param volume  Extent of the volume in voxels, each axis at least 1.
  /// \param block   Extent of an owned box, each axis at least 1; an axis longer than the volume's is cut to it.
  ///                The last block on an axis may be smaller.
  /// \param halo    Voxels added on every side, each axis at least 0.
  /// \throws        InternalError when an extent is out of range.
  BlockGrid(const Extent& volume, const Extent& block, const Extent& halo);

  const Extent& volume() const { return volume_; }
  /// Of all owned boxes but those at the far ends.
  const Extent& block() const { return block_; }
  const Extent& halo() const { return halo_; }
  const Extent& blocks_per_axis() const { return blocks_per_axis_; }
  std::int64_t count() const { return voxel_count(blocks_per_axis_); }

  /// \pre 0 <= number < count()
  BlockIndex index(std::int64_t number) const;
  /// \pre `index` lies inside blocks_per_axis()
  std::int64_t number(const BlockIndex& index) const { return linear_index(index, blocks_per_axis_); }
  bool contains(const BlockIndex& index) const;

  /// \pre 0 <= number < count()
  Box owned(std::int64_t number) const;
  Box padded(std::int64_t number) const;

 private:
  Extent volume_, block_, halo_, blocks_per_axis_;
};

}  // namespace cleft
