#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "base/box.hpp"

namespace cleft {

/// Bytes that working on one block takes, given the extents of its owned box and of its padded box in voxels.
using BlockBytes = std::function<std::int64_t(const Extent& owned, const Extent& padded)>;

/// The most voxels that a block's padded box may have, however much memory there is: a block's runs are
/// counted in 32 bits (components/voxel_runs).
inline constexpr std::int64_t max_block_voxels = std::int64_t{1} << 31;

/// What working on a block costs.
struct BlockCost {
  BlockBytes bytes;  ///< monotone in both extents
  /// (Time that a voxel of the halo takes) / (time that a voxel of the owned box takes).
  double halo_work = 1;
  /// Upper bound on (voxels read) / (voxels owned), of all blocks together; honoured only if it does not make
  /// the blocks less balanced.
  double max_overhead = std::numeric_limits<double>::infinity();
  double kept = 0.25;  ///< part of the free memory to leave for what a rank keeps from block to block
};

/// A rank's memory, in bytes.
struct BlockMemory {
  std::int64_t per_rank = 0;  ///< run.memory_per_rank
  std::int64_t left = 0;      ///< what is free of it before any block is worked on; may be negative

  /// The bytes that a planned block may take when the part `kept` (0 … 1) of `left` is reserved for other
  /// things.
  std::int64_t without(double kept) const;
};

/// Chooses the extent of blocks for a volume: of those that fit the memory, the one with which the last rank
/// is estimated to finish soonest. The estimate knows the number of blocks, the work in the largest of them,
/// and the halo voxels that are worked on more than once; where the halo is 0 on one axis (per-section
/// features) and costly on the others, blocks therefore become flat and wide. If the best blocks exceed
/// cost.max_overhead, blocks that keep to it are preferred as long as they share out the volume nearly as
/// evenly: ranks may then wait a little longer for each other at the end, but less is read from a file system
/// that all ranks share. Without a halo along x, the longest rows, then columns, are preferred among plans
/// that are about as quick as each other. Not collective: the same arguments give the same extent on every
/// rank.
///
/// \param volume  Extent (z, y, x) in voxels, each axis at least 1.
/// \param halo    Voxels added on every side of a block, each axis at least 0.
/// \param ranks   How many ranks share the blocks; at least 1.
/// \returns       An extent within the volume; a multiple of 16 on each axis that it does not cover whole.
/// \throws        ConfigError (run.memory_per_rank) when even the smallest block does not fit; it says how
///                much memory would be enough.
Extent plan_block(const Extent& volume, const Extent& halo, const BlockCost& cost, const BlockMemory& memory,
                  int ranks);

/// Checks blocks whose extent was not planned but given, by a key or by an unfinished file. Not collective.
///
/// \param subject  What gave the extent, for the message.
/// \param block    Extent of the owned box, each axis at least 1; cut to the volume where it is longer.
/// \param memory   A given block may take all of memory.left, nothing of it is reserved: a resumed run must
///                 accept the block size of the run before although the process may now hold slightly more
///                 memory.
/// \throws         ConfigError that names `subject` and what its blocks take, when they do not fit or have
///                 more than max_block_voxels.
void check_block(const std::string& subject, const Extent& block, const Extent& volume, const Extent& halo,
                 const BlockBytes& bytes, const BlockMemory& memory);

/// The extent of HDF5 chunks for a dataset that is written in blocks, chosen so that every chunk belongs to
/// one block. An axis that one block covers is cut into equal chunks of at most `target`. On the other axes a
/// chunk is as long as the largest divisor of the block's length up to `target`; or, if that is less than a
/// quarter of `target` (a prime has no divisor but 1), as long as the block, unless chunks would become too
/// large for HDF5.
///
/// \param volume  Extent (z, y, x) of the dataset in voxels, each axis at least 1.
/// \param block   Extent of the blocks' owned boxes, each axis at least 1, within the volume.
/// \param target  The wished-for extent of a chunk, each axis at least 1.
Extent chunk_within(const Extent& volume, const Extent& block, const Extent& target);

}  // namespace cleft
