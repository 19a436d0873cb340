#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/box.hpp"

namespace cleft {

/// A box of the volume whose features are computed in one go, for the voxels in it that matter.
struct CoverBox {
  Box box;                           ///< the least box around its voxels
  std::vector<std::size_t> members;  ///< positions in the list of voxels
};

/// Covers voxels with boxes so that little is computed: a box is halved where its parts, each with its own
/// halo, take less than the whole. Dense strokes stay together; strokes farther apart than their halos are
/// separated.
///
/// \param voxels  Distinct, inside the volume.
/// \param halo    Added to each box on every side (cut off at the volume's edge) before boxes are compared.
/// \param fits    Whether a box of this extent fits the memory; boxes that do not are cut in any case.
/// \returns  Each voxel is a member of exactly one box.
/// \throws ConfigError (run.memory_per_rank) when the box of a single voxel does not fit.
std::vector<CoverBox> cover_voxels(std::span<const GlobalVoxel> voxels, const Extent& halo,
                                   const Extent& volume, const std::function<bool(const Extent&)>& fits);

/// Divides boxes among ranks so that each has about as many padded voxels to compute.
/// \returns  [box] rank, from 0 to ranks − 1.
std::vector<int> share_boxes(const std::vector<CoverBox>& boxes, const Extent& halo, const Extent& volume,
                             int ranks);

}  // namespace cleft
