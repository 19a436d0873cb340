#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/box.hpp"

namespace cleft {

/// Bytes that working on one block takes, given the extent of its core and of its padded box.
using BlockBytes = std::function<std::int64_t(const Extent& core, const Extent& padded)>;

/// No block has more voxels, halo included, however much memory there is: components count a block's runs in
/// 32 bits.
inline constexpr std::int64_t most_block_voxels = std::int64_t{1} << 31;

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

/// Checks blocks that are not planned but given: by a key or by an unfinished file.
///
/// \param subject  What gave them, for the message.
/// \param block    Each axis at least 1; cut to the volume where it is longer.
/// \param limit    Bytes a block may take.
/// \throws         ConfigError that names `subject` and what its blocks take when that is more, or when they
///                 have more than most_block_voxels.
void check_block(const std::string& subject, const Extent& block, const Extent& volume, const Extent& halo,
                 const BlockBytes& bytes, std::int64_t limit);

/// The extent of HDF5 chunks for a dataset that is written in blocks, so that every chunk belongs to one
/// block. An axis that one block covers is cut into equal pieces of at most `target`. On the others a chunk
/// is the largest divisor of the block's extent up to `target`; where that is less than a quarter of it
/// (primes have none but 1), the block's extent, unless chunks became too large for HDF5 that way.
///
/// \param volume, block, target  Each axis at least 1, the block within the volume.
Extent chunk_within(const Extent& volume, const Extent& block, const Extent& target);

}  // namespace cleft
