#pragma once

#include <cstdint>

/// Sizes that decide how fast probabilities are smoothed, and nothing else: with any other value the results
/// have the same bits. Shown by the benchmark threshold/smooth of components_bench.
namespace cleft::tuning {

/// Voxels along x that a thread smooths at a time: whole SIMD vectors, and so few that what is smoothed along
/// x for a tile (about 2 KiB a row, numbers and sums) stays in a second-level cache of 512 KiB up to 200
/// rows.
inline constexpr std::int64_t smooth_tile_width = 256;

/// Rows per section that a thread smooths along z at a time.
inline constexpr std::int64_t smooth_tile_rows = 4;

}  // namespace cleft::tuning
