#pragma once

#include <cstdint>
#include <functional>

#include "base/box.hpp"

namespace cleft {

/// Bytes that working on one block takes, given the extent of its core and of its padded box.
using BlockBytes = std::function<std::int64_t(const Extent& core, const Extent& padded)>;

/// Chooses the extent of blocks for a volume: of those that fit the budget, the one that reads and computes
/// the fewest halo voxels per core voxel. Where the halo is 0 on an axis (per-section features), blocks
/// therefore become flat and wide.
///
/// \param volume  Each axis at least 1.
/// \param halo    Each axis at least 0.
/// \param bytes   Monotone in both extents.
/// \param budget  Bytes a rank may use for one block.
/// \param parts   At least this many blocks are made where blocks of a useful size allow it, so that ranks
///                share the work evenly.
/// \returns       An extent within the volume; a multiple of 16 on each axis that it does not cover whole.
/// \throws        ConfigError (run.memory_per_rank) when even the smallest block does not fit.
Extent plan_block(const Extent& volume, const Extent& halo, const BlockBytes& bytes, std::int64_t budget,
                  std::int64_t parts);

/// The extent of HDF5 chunks for a dataset that is written in blocks: the largest divisor of the block's
/// extent, per axis, that does not exceed `target`, so that every chunk belongs to one block. An axis that
/// has no divisor of at least a quarter of the target keeps the block's extent.
Extent chunk_within(const Extent& block, const Extent& target);

}  // namespace cleft
