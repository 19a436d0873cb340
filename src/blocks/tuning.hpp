#pragma once

#include <cstdint>

/// The constants that block plans and training boxes are tuned by. They decide how long a run takes, never
/// what it finds. Changes are judged by `tools/bench --only scaling` (blocks) and `--only training` (boxes).
namespace cleft::tuning {

/// Lengths of blocks are multiples of this many voxels, so that chunks can divide them. It is also the
/// smallest block that is worth its halo.
inline constexpr std::int64_t block_step = 16;

/// What asking for a block, opening its read and marking it done take, in the time that one owned voxel
/// takes: at a million voxels/s and rank, 16 ms.
inline constexpr double work_per_block = 1 << 14;

/// Blocks of one size differ in what they take (empty ones take nothing), and ranks differ in speed. It shows
/// at the end, when ranks that are through wait for others in the middle of a block: on average for this part
/// of the time that the largest block takes.
inline constexpr double unevenness = 0.25;

/// For the sake of less halo, a rank's share of the work may become this many times what it is with the
/// quickest blocks. Blocks are rarely all of one size, since their extents are multiples of block_step:
/// without this tolerance small blocks would nearly always win.
inline constexpr double max_share_growth = 1.1;

/// Without a halo along x, plans whose estimated times differ by no more than this factor are about as quick
/// as each other: the estimate is no better than that, and knows nothing of joining over blocks.
inline constexpr double equal_times = 1.02;

/// A chunk may have this many times the voxels that were asked for: still quick to read, and far from HDF5's
/// limit of 4 GiB per chunk.
inline constexpr std::int64_t max_chunk_growth = 16;

/// What computing the features of any box of training voxels takes besides its voxels, counted in voxels.
inline constexpr std::int64_t work_per_box = 4096;

}  // namespace cleft::tuning
