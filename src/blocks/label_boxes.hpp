#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/box.hpp"

namespace cleft {

/// A box of the volume whose features are computed together, for the labelled voxels in it.
struct CoverBox {
  Box box;                           ///< the smallest box around its voxels
  std::vector<std::size_t> members;  ///< the voxels' positions in the list given to cover_voxels
};

/// Covers labelled voxels with boxes so that features are computed for as few other voxels as possible: a box
/// is divided where its two parts, each with a halo of its own, are cheaper than the whole. Dense strokes
/// stay together; strokes farther apart than their halos are separated. Not collective: the same arguments
/// give the same boxes on every rank.
///
/// \param voxels  Distinct, inside the volume.
/// \param halo    Voxels added to each box on every side (cut off at the volume's edge) before costs are
///                compared.
/// \param volume  Extent (z, y, x) in voxels.
/// \param fits    Whether a box of this extent (without halo) fits the memory; boxes that do not fit are
///                always divided.
/// \returns       Each voxel is a member of exactly one box.
/// \throws        ConfigError (run.memory_per_rank) when the box of a single voxel does not fit.
std::vector<CoverBox> cover_voxels(std::span<const GlobalVoxel> voxels, const Extent& halo,
                                   const Extent& volume, const std::function<bool(const Extent&)>& fits);

/// Deals boxes out to ranks so that all have about the same number of padded voxels to compute. Not
/// collective: the same arguments give the same shares on every rank.
/// \returns  [box] the rank that computes it, 0 … ranks − 1.
std::vector<int> share_boxes(const std::vector<CoverBox>& boxes, const Extent& halo, const Extent& volume,
                             int ranks);

}  // namespace cleft
