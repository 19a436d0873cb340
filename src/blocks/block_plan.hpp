#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "base/box.hpp"

namespace cleft {

/// Bytes that working on one block takes, given the extent of its core and of its padded box.
using BlockBytes = std::function<std::int64_t(const Extent& core, const Extent& padded)>;

/// No block has more voxels, halo included, however much memory there is: components count a block's runs in
/// 32 bits.
inline constexpr std::int64_t max_block_voxels = std::int64_t{1} << 31;

/// What blocks cost.
struct BlockCost {
  BlockBytes bytes;      ///< monotone in both extents
  double halo_work = 1;  ///< time that a voxel of the halo takes, of that of a core voxel
  /// Voxels with halo over voxels, of all blocks together, that is kept to where it costs no balance.
  double max_overhead = std::numeric_limits<double>::infinity();
  double kept = 0.25;  ///< share of the memory left that is for what is kept from block to block
};

/// A rank's memory, in bytes.
struct BlockMemory {
  std::int64_t per_rank = 0;  ///< run.memory_per_rank
  std::int64_t left = 0;      ///< what of it is not in use before any block; may be negative

  /// What a planned block may take when this share of what is left is kept for other things.
  std::int64_t without(double kept) const;
};

/// Chooses the extent of blocks for a volume: of those that fit the memory, the one with which ranks are
/// through soonest, as far as that can be told from the number of blocks, the largest of them, and the halo
/// voxels that are worked on more than once. Where the halo is 0 on an axis (per-section features) and
/// costly, blocks therefore become flat and wide. Of blocks that share out the volume as evenly, those are
/// taken that keep to cost.max_overhead, although ranks may then wait longer for the last of unlike ones:
/// what is read is also a matter of the file system, which all ranks share.
///
/// \param volume  Each axis at least 1.
/// \param halo    Each axis at least 0.
/// \param ranks   That share the blocks.
/// \returns       An extent within the volume; a multiple of 16 on each axis that it does not cover whole.
/// \throws        ConfigError (run.memory_per_rank) when even the smallest block does not fit, saying what
///                would do.
Extent plan_block(const Extent& volume, const Extent& halo, const BlockCost& cost, const BlockMemory& memory,
                  int ranks);

/// Checks blocks that are not planned but given: by a key or by an unfinished file.
///
/// \param subject  What gave them, for the message.
/// \param block    Each axis at least 1; cut to the volume where it is longer.
/// \param memory   All that is left of it may be taken: what a process holds differs a little from run to
///                 run.
/// \throws         ConfigError that names `subject` and what its blocks take when that is more, or when they
///                 have more than max_block_voxels.
void check_block(const std::string& subject, const Extent& block, const Extent& volume, const Extent& halo,
                 const BlockBytes& bytes, const BlockMemory& memory);

/// The extent of HDF5 chunks for a dataset that is written in blocks, so that every chunk belongs to one
/// block. An axis that one block covers is cut into equal pieces of at most `target`. On the others a chunk
/// is the largest divisor of the block's extent up to `target`; where that is less than a quarter of it
/// (primes have none but 1), the block's extent, unless chunks became too large for HDF5 that way.
///
/// \param volume, block, target  Each axis at least 1, the block within the volume.
Extent chunk_within(const Extent& volume, const Extent& block, const Extent& target);

}  // namespace cleft
