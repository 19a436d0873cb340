#pragma once

#include <cstdint>

#include "base/box.hpp"
#include "blocks/block_grid.hpp"
#include "io/h5/h5.hpp"
#include "io/volume/h5_volume.hpp"

namespace cleft {

/// How the blocks of a probability file lie in it. Nothing here is collective.
struct StoredBlocks {
  BlockGrid grid;             ///< without halo
  Extent chunk;               ///< of the dataset, along z, y, x; every chunk belongs to one block
  ElementType type;           ///< uint8 or float32
  std::size_t class_count{};  ///< one: the dataset's axes are z, y, x; several: z, y, x, c
};

/// The attribute of a probability dataset that holds the extent of a block's core.
inline constexpr auto block_attribute = "block";

/// The extent of a block's core that a probability dataset says it was written with.
/// \throws InputError when it says none.
Extent stored_block(const h5::Dataset& probability);

/// What a probability dataset says of itself.
/// \param probability  In a file that ProbabilityFile made.
/// \param type         Of its elements.
/// \throws InputError when it cannot be one.
StoredBlocks stored_blocks(const h5::Dataset& probability, ElementType type);

/// An extent, or where a box begins, with the axis of classes behind it where there is one.
h5::Shape stored_shape(const Extent& extent, std::size_t classes);
h5::Shape stored_begin(const Box& box, std::size_t classes);

/// Calls visit(box) for each chunk's part of a block, in the order of the grid of chunks.
template <class Visit>
void for_each_chunk(const Box& core, const Extent& chunk, const Visit& visit) {
  const BlockGrid chunks(core.extent(), chunk, {0, 0, 0});
  const Extent to_volume = core.begin - GlobalVoxel{};
  for (std::int64_t n = 0; n < chunks.count(); ++n) {
    const Box part = chunks.owned(n);
    visit(Box{part.begin + to_volume, part.end + to_volume});
  }
}

/// The checksum of a block's values as they stand in the file, chunk by chunk.
/// \throws IoError when they cannot be read.
std::uint64_t stored_checksum(const h5::Dataset& probability, const StoredBlocks& blocks,
                              std::int64_t number);

}  // namespace cleft
