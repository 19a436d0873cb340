#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/box.hpp"

/// The constants that predict is tuned by, besides those of features and forest. They decide how long it
/// takes and how its file is laid out, never the probabilities. Changes are judged by `tools/bench --only
/// detect`.
namespace cleft::tuning {

/// Shapes of tiles, from which the largest is chosen that memory allows. They are long along x, since rows
/// are worked on, and so large that the halo that is filtered around them costs little.
inline constexpr std::array<Extent, 7> tile_shapes{
    {{64, 128, 128}, {32, 128, 128}, {32, 64, 128}, {16, 64, 128}, {16, 32, 128}, {8, 32, 64}, {4, 16, 32}}};

/// A block is cut into at least so many tiles for each thread, so that no thread waits long for the last one;
/// but into none shorter than this along z and y, whose halo would cost more than the waiting.
inline constexpr std::int64_t tiles_per_thread = 4, shortest_tile = 16;

/// Rows of a channel that are turned into codes together: the table of the channel's thresholds, up to 64
/// KiB, is then loaded into the cache once for all of them.
inline constexpr std::size_t rows_coded_at_once = 16;

/// Voxels of a chunk of `/probability` where the block allows it: 256 KiB of uint8, quick to read for any
/// box.
inline constexpr Extent probability_chunk{64, 64, 64};

}  // namespace cleft::tuning
