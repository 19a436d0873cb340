#pragma once

#include "base/array3.hpp"

namespace cleft::features {

/// Values for a part of a padded block, which know where in the block they belong.
struct Patch {
  View3<const float> values;
  LocalVoxel begin;  ///< where values(0, 0, 0) stands in the padded block

  /// Where `region`, a box of the padded block, begins in `values`.
  LocalVoxel offset_of(const LocalBox& region) const {
    return box_at(begin, values.extent()).local(region.begin);
  }
  /// The values of a box of the padded block.
  /// \pre `values` hold it.
  View3<const float> part(const LocalBox& region) const {
    return values.part(offset_of(region), region.extent());
  }
};

}  // namespace cleft::features
