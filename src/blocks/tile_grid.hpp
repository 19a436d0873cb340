#pragma once

#include <cstdint>

#include "base/box.hpp"
#include "blocks/block_grid.hpp"

namespace cleft {

/// Cuts an array into tiles, the parts that threads work on at a time. The tiles partition the array. They
/// are numbered in z, y, x order, x fastest.
class TileGrid {
 public:
  /// \param array  Extent of the array in voxels, each axis at least 1.
  /// \param tile   Extent of a tile, each axis at least 1; an axis longer than the array's is cut to it. The
  ///               last tile on an axis may be smaller.
  /// \throws       InternalError when an extent is out of range.
  TileGrid(const Extent& array, const Extent& tile) : grid_(array, tile, {}) {}

  /// Of all tiles but those at the far ends.
  const Extent& tile() const { return grid_.block(); }
  std::int64_t count() const { return grid_.count(); }
  /// \pre 0 <= number < count()
  LocalBox tile(std::int64_t number) const { return whole_box(grid_.volume()).local(grid_.owned(number)); }

 private:
  BlockGrid grid_;  // the same cut of a volume of the array's extent
};

}  // namespace cleft
