#include "probability/files/stored_blocks.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/h5/h5_select.hpp"

namespace cleft {
namespace {

template <class Stored>
std::uint64_t checksum_as(const h5::Dataset& probability, const StoredBlocks& blocks, std::int64_t number) {
  Checksum sum;
  for_each_chunk(blocks.grid.owned(number), blocks.chunk, [&](const Box& part) {
    std::vector<Stored> values(to_size(voxel_count(part.extent())) * blocks.class_count);
    probability.read_part<Stored>(stored_begin(part, blocks.class_count),
                                  stored_shape(part.extent(), blocks.class_count), values);
    sum.add(std::as_bytes(std::span(values)));
  });
  return sum.value();
}

}  // namespace

Extent stored_block(const h5::Dataset& probability) {
  const auto block = probability.attribute<std::int64_t>(block_attribute);
  if (block.size() != 3 || std::any_of(block.begin(), block.end(), [](auto n) { return n < 1; }))
    throw InputError({probability.name(), "has no usable block extent",
                      "a probability file of cleft; remove it to start anew"});
  return {block[0], block[1], block[2]};
}

StoredBlocks stored_blocks(const h5::Dataset& probability, ElementType type) {
  const h5::Shape shape = probability.shape(), chunks = probability.chunks();
  if (shape.size() < 3 || chunks.size() != shape.size())
    throw InputError({probability.name(), "is not stored in chunks along z, y and x",
                      "a probability file of cleft; remove it to start anew"});
  const auto first_three = [](const h5::Shape& s) { return extent_of({s[0], s[1], s[2]}); };
  return {.grid = BlockGrid(first_three(shape), stored_block(probability), {0, 0, 0}),
          .chunk = first_three(chunks),
          .type = type,
          .class_count = shape.size() > 3 ? to_size(shape[3]) : 1};
}

h5::Shape stored_shape(const Extent& extent, std::size_t classes) {
  h5::Shape shape = shape_of(extent);
  if (classes > 1) shape.push_back(classes);
  return shape;
}

h5::Shape stored_begin(const Box& box, std::size_t classes) {
  h5::Shape begin = begin_of(box);
  if (classes > 1) begin.push_back(0);
  return begin;
}

std::uint64_t stored_checksum(const h5::Dataset& probability, const StoredBlocks& blocks,
                              std::int64_t number) {
  return blocks.type == ElementType::uint8 ? checksum_as<std::uint8_t>(probability, blocks, number)
                                           : checksum_as<float>(probability, blocks, number);
}

}  // namespace cleft
