#pragma once

#include <cstdint>
#include <vector>

#include "base/box.hpp"

namespace cleft {

/// How often something happened where blocks of a run meet, and how often it would by chance.
struct SeamCount {
  std::int64_t found = 0;
  double expected = 0;
  double deviation = 0;  ///< standard deviation of what is found by chance
};

/// Whether the cutting into blocks left a trace in the objects. The cut knows nothing of the tissue: if it
/// did no harm, an object of a given bounding box crosses or touches faces between blocks as often as a box
/// of that size that lies anywhere in the volume with equal chance. More boxes that end at a face, or fewer
/// that cross one, than by chance mean that objects were cut there.
struct SeamStatistic {
  SeamCount crossing;      ///< boxes with voxels on both sides of some face between blocks
  SeamCount ending;        ///< boxes that begin or end exactly at such a face
  bool has_seams = false;  ///< whether the run had more than one block
};

/// Exact for boxes that lie anywhere with equal chance: along each axis the positions at which a box of this
/// length crosses (touches) a face, over all positions within the volume; axes independent of each other. The
/// deviation is that of a sum of independent yes-or-no events.
///
/// \param boxes   Bounding boxes of the objects.
/// \param volume  Extent.
/// \param block   Of owned boxes; the last along an axis may be shorter.
SeamStatistic seam_statistic(const std::vector<Box>& boxes, const Extent& volume, const Extent& block);

}  // namespace cleft
