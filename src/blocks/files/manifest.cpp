#include "blocks/files/manifest.hpp"

#include <span>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

constexpr auto marks_path = "/manifest";
constexpr auto checksums_path = "/checksums";

}  // namespace

Manifest::Manifest(h5::Dataset marks, h5::Dataset checksums)
    : mark_dataset_(std::move(marks)), checksum_dataset_(std::move(checksums)) {}

std::int64_t Manifest::stored_bytes(std::int64_t block_count) {
  return block_count * narrow<std::int64_t>(sizeof(Mark) + sizeof(std::uint64_t));
}

Manifest Manifest::create(h5::File& file, std::int64_t block_count) {
  const h5::Shape shape{narrow<hsize_t>(block_count)};
  const h5::Layout layout{.reserve = true};
  Manifest manifest(file.create_dataset<std::uint8_t>(marks_path, shape, layout),
                    file.create_dataset<std::uint64_t>(checksums_path, shape, layout));
  manifest.marks_.assign(shape[0], static_cast<std::uint8_t>(Mark::pending));
  manifest.checksums_.assign(shape[0], 0);
  // Every rank writes the same bytes: the space was reserved, not filled.
  manifest.mark_dataset_.write(manifest.marks_);
  manifest.checksum_dataset_.write(manifest.checksums_);
  return manifest;
}

Manifest Manifest::open(const h5::File& file, std::int64_t block_count) {
  Manifest manifest(file.dataset(marks_path), file.dataset(checksums_path));
  const auto expected = to_size(block_count);
  for (const auto* dataset : {&manifest.mark_dataset_, &manifest.checksum_dataset_})
    if (dataset->element_count() != expected)
      throw InputError({dataset->name(), "has " + std::to_string(dataset->element_count()) + " entries",
                        std::to_string(expected) + ", one per block"});
  manifest.marks_ = manifest.mark_dataset_.read<std::uint8_t>();
  manifest.checksums_ = manifest.checksum_dataset_.read<std::uint64_t>();
  return manifest;
}

void Manifest::mark_done(std::int64_t block, std::uint64_t checksum) {
  const h5::Shape at{narrow<hsize_t>(block)}, one{1};
  checksum_dataset_.write_part<std::uint64_t>(at, one, std::span(&checksum, 1));
  const auto done = static_cast<std::uint8_t>(Mark::done);
  mark_dataset_.write_part<std::uint8_t>(at, one, std::span(&done, 1));
}

}  // namespace cleft
