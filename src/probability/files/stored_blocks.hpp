#pragma once

#include <cstdint>

#include "base/box.hpp"
#include "blocks/block_grid.hpp"
#include "blocks/files/manifest.hpp"
#include "io/h5/file.hpp"
#include "io/volume/volume_reader.hpp"

namespace cleft {

/// How the blocks of a probability file lie in it. Nothing in this header is collective.
struct StoredBlocks {
  BlockGrid grid;             ///< without halo
  Extent chunk;               ///< of the dataset, along z, y, x; every chunk belongs to one block
  ElementType type;           ///< of the elements: uint8 or float32
  std::size_t class_count{};  ///< one: the dataset's axes are z, y, x; several: z, y, x, c
};

/// Attributes of a probability dataset: the extent of a block's owned box, and the names of the classes in
/// the order in which they are stored.
inline constexpr auto block_attribute = "block";
inline constexpr auto classes_attribute = "classes";

/// The extent of a block's owned box that a probability dataset says it was written with.
/// \throws InputError when it says none.
Extent stored_block(const h5::Dataset& probability);

/// What a probability dataset says of itself.
/// \param probability  In a file that ProbabilityFile made.
/// \param type         Of its elements.
/// \throws InputError when it cannot be one.
StoredBlocks stored_blocks(const h5::Dataset& probability, ElementType type);

/// The extent of the chunks that a probability dataset is made with.
Extent stored_chunk(const Extent& volume, const Extent& block);

/// Checks that a probability dataset has the shape, chunks and type that `expected` describes. To be called
/// before anything is read or written by that description.
/// \throws InputError naming the dataset, what it has and what was expected.
void check_stored_as(const h5::Dataset& probability, const StoredBlocks& expected);

/// The lengths of an array of this extent in the dataset: z, y, x and, where there are several classes, their
/// number.
h5::Shape stored_shape(const Extent& extent, std::size_t classes);
/// The position of a box's first voxel in the dataset, likewise; of the first class.
h5::Shape stored_begin(const Box& box, std::size_t classes);

/// Calls visit(box) for each chunk of a block's owned box, in z, y, x order. A chunk at the box's end may be
/// cut short.
template <class Visit>
void for_each_chunk(const Box& owned, const Extent& chunk, const Visit& visit) {
  const BlockGrid chunks(owned.extent(), chunk, {0, 0, 0});
  const Extent to_volume = owned.begin - GlobalVoxel{};
  for (std::int64_t n = 0; n < chunks.count(); ++n) {
    const Box part = chunks.owned(n);
    visit(Box{part.begin + to_volume, part.end + to_volume});
  }
}

/// The checksum of a block's values as they stand in the file, chunk by chunk.
/// \throws IoError when they cannot be read.
std::uint64_t stored_checksum(const h5::Dataset& probability, const StoredBlocks& blocks,
                              std::int64_t number);

/// Whether a block is marked done and its values still have the checksum that it was marked with.
/// \throws IoError when they cannot be read.
bool is_stored(const h5::Dataset& probability, const StoredBlocks& blocks, const Manifest& manifest,
               std::int64_t number);

}  // namespace cleft
