#include "probability/files/stored_blocks.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/narrow.hpp"
#include "blocks/block_plan.hpp"
#include "io/h5/select.hpp"
#include "probability/tuning.hpp"

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

/// "20 x 30 x 30 uint8 in chunks of 20 x 30 x 30".
std::string layout_text(const h5::Shape& shape, std::string_view type, const h5::Shape& chunks) {
  const std::string values = fmt::format("{} {}", fmt::join(shape, " x "), type);
  return chunks.empty() ? values + " in one piece"
                        : values + fmt::format(" in chunks of {}", fmt::join(chunks, " x "));
}

bool holds(const h5::Dataset& dataset, ElementType type) {
  const h5::Handle stored(H5Dget_type(dataset.id()), dataset.name(), "read its type");
  const hid_t expected =
      type == ElementType::uint8 ? h5::memory_type<std::uint8_t>() : h5::memory_type<float>();
  return H5Tequal(stored.get(), expected) > 0;
}

}  // namespace

Extent stored_chunk(const Extent& volume, const Extent& block) {
  return chunk_within(volume, block, tuning::probability_chunk);
}

void check_stored_as(const h5::Dataset& probability, const StoredBlocks& expected) {
  const h5::Shape shape = probability.shape(), chunks = probability.chunks();
  const h5::Shape whole = stored_shape(expected.grid.volume(), expected.class_count);
  const h5::Shape chunk = stored_shape(expected.chunk, expected.class_count);
  const bool plain = probability.filters().empty(), type = holds(probability, expected.type);
  if (shape == whole && chunks == chunk && plain && type) return;
  throw InputError(
      {probability.name(),
       "holds " + layout_text(shape, type ? to_string(expected.type) : "values of another type", chunks) +
           (plain ? "" : ", compressed"),
       layout_text(whole, to_string(expected.type), chunk) +
           " as this run writes; remove the file to begin anew"});
}

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

bool is_stored(const h5::Dataset& probability, const StoredBlocks& blocks, const Manifest& manifest,
               std::int64_t number) {
  return manifest.marks()[to_size(number)] == static_cast<std::uint8_t>(Manifest::Mark::done) &&
         stored_checksum(probability, blocks, number) == manifest.checksum(number);
}

}  // namespace cleft
