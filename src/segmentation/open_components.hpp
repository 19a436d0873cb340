#pragma once

#include <vector>

#include "base/box.hpp"
#include "components/label_block.hpp"

namespace cleft {

// Of a block's components those are open that may go on in another block; the others are whole.

/// Which components of a block are open: those with a voxel at a face of the owned box beyond which another
/// block lies. For any connectivity only such voxels have neighbours beyond it. Not collective.
/// \param owned   The block's owned box, in voxels of the volume.
/// \param volume  Extent of the whole volume in voxels.
/// \returns       [component]
std::vector<bool> open_components(const LabelledBlock& block, const Box& owned, const Extent& volume);

/// Forgets all runs but those that touch such a face: components keep their numbers, and what touches across
/// blocks is found as before. So what is kept of a block is bounded by its surface. Not collective.
void keep_runs_at_faces(LabelledBlock& block, const Box& owned, const Extent& volume);

}  // namespace cleft
