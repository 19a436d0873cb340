#pragma once

#include <functional>
#include <vector>

#include "base/box.hpp"
#include "objects/judge/object_runs.hpp"

namespace cleft {

// Reading on beyond what is judged, as far as objects reach. Nothing here is collective.

/// The smallest box around two.
Box hull(const Box& a, const Box& b);

/// The voxels of a run.
Box box_of(const ObjectRun& run);

/// What `outer` has beyond `inner`, as boxes that do not overlap.
/// \pre `inner` lies in `outer`.
std::vector<Box> shell(const Box& outer, const Box& inner);

/// Reads on until all objects that matter are whole. What has been read is a box; a side of it that does not
/// hold what is needed moves on, by 16 voxels and then by twice as many each time. So little more is read
/// than the objects' extent.
///
/// \param read    What has been read already.
/// \param limits  Beyond which there is nothing to read; holds `read`.
/// \param needed  needed(read): the box that has to be read to know more of the objects that have been seen,
///                the same or smaller where they are whole; need not lie in the limits.
/// \param more    more(boxes): reads some boxes, which do not overlap.
void read_until_whole(Box read, const Box& limits, const std::function<Box(const Box&)>& needed,
                      const std::function<void(const std::vector<Box>&)>& more);

}  // namespace cleft
