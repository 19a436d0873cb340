#include "io/h5/stored_content.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/h5/chunk_reader.hpp"
#include "io/h5/shield.hpp"

namespace cleft::h5 {
namespace {

// Of a dataset without chunks: pieces of 32 KiB, 4 MiB in all.
constexpr std::uint64_t piece_bytes = 1U << 15U, max_samples = 128;
// Of chunks: as many as make up 16 MiB, at least the first, the one in the middle and the last.
constexpr std::uint64_t sampled_chunk_bytes = std::uint64_t{16} << 20U, min_samples = 3;
constexpr std::uint64_t max_sizes = std::uint64_t{1} << 20U;

void add_number(Checksum& sum, std::uint64_t number) {
  std::array<std::byte, sizeof(number)> bytes{};  // the same on every machine
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes.at(i) = static_cast<std::byte>(number >> 8U * i);
  sum.add(bytes);
}

/// The i-th of `count` places spread over 0 ... last, without overflow.
std::uint64_t place(std::uint64_t i, std::uint64_t count, std::uint64_t last) {
  if (count < 2) return 0;
  return last / (count - 1) * i + last % (count - 1) * i / (count - 1);
}

void add_type(Checksum& sum, const Dataset& dataset, hid_t creation) {
  const Handle type(H5Dget_type(dataset.id()), dataset.name(), "read its type");
  const std::size_t size = H5Tget_size(type.get());
  for (const std::uint64_t number :
       {std::uint64_t{size}, static_cast<std::uint64_t>(H5Tget_class(type.get())),
        static_cast<std::uint64_t>(H5Tget_order(type.get())),
        static_cast<std::uint64_t>(H5Tget_class(type.get()) == H5T_INTEGER ? H5Tget_sign(type.get()) : 0)})
    add_number(sum, number);
  std::vector<std::byte> fill(size);
  H5D_fill_value_t state = H5D_FILL_VALUE_UNDEFINED;
  check(H5Pfill_value_defined(creation, &state), dataset.name(), "read its fill value");
  if (state == H5D_FILL_VALUE_USER_DEFINED)
    check(H5Pget_fill_value(creation, type.get(), fill.data()), dataset.name(), "read its fill value");
  sum.add(fill);
}

/// The filters with their settings: numbers that decide what stored bytes mean.
void add_filters(Checksum& sum, const Dataset& dataset, hid_t creation) {
  const int count = H5Pget_nfilters(creation);
  check(count, dataset.name(), "read its filters");
  for (unsigned i = 0; i < narrow<unsigned>(count); ++i) {
    std::array<unsigned, 64> settings{};
    unsigned flags = 0;
    std::size_t setting_count = settings.size();
    const auto filter =
        H5Pget_filter2(creation, i, &flags, &setting_count, settings.data(), 0, nullptr, nullptr);
    check(filter, dataset.name(), "read its filters");
    add_number(sum, narrow<std::uint64_t>(filter));
    for (std::size_t s = 0; s < std::min(setting_count, settings.size()); ++s)
      add_number(sum, settings.at(s));
  }
}

/// The chunks of a dataset, numbered in C order.
class ChunkGrid {
 public:
  ChunkGrid(const Shape& shape, Shape chunk) : chunk_(std::move(chunk)) {
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      grid_.push_back((shape[axis] + chunk_[axis] - 1) / chunk_[axis]);
      count_ *= grid_.back();
    }
  }
  std::uint64_t count() const { return count_; }
  Shape begin_of(std::uint64_t number) const {
    Shape begin(chunk_.size());
    for (std::size_t axis = chunk_.size(); axis-- > 0;) {
      begin[axis] = number % grid_[axis] * chunk_[axis];
      number /= grid_[axis];
    }
    return begin;
  }

 private:
  Shape chunk_, grid_;
  std::uint64_t count_ = 1;
};

void look_at_chunks(Checksum& sum, const Dataset& dataset, std::int64_t file_bytes, StoredContent& content) {
  const ChunkReader reader(dataset.id(), dataset.name(), 0);
  const ChunkGrid grid(dataset.shape(), dataset.chunks());
  const std::uint64_t step = (grid.count() + max_sizes - 1) / max_sizes;
  std::vector<std::uint64_t> written;
  for (std::uint64_t number = 0; number < grid.count(); number += step) {
    const std::size_t bytes = reader.stored_bytes(grid.begin_of(number));
    if (bytes > to_size(file_bytes))
      throw IoError({dataset.name(),
                     fmt::format("is damaged: a chunk of {} bytes in a file of {}", bytes, file_bytes), ""});
    add_number(sum, bytes);
    if (bytes > 0) written.push_back(number);
  }
  const bool whole = step == 1 && content.bytes <= max_stored_bytes_compared_whole;
  const std::uint64_t mean = to_size(content.bytes) / std::max<std::uint64_t>(1, written.size()) / step + 1;
  const std::uint64_t samples =
      whole ? written.size()
            : std::min<std::uint64_t>(written.size(),
                                      std::clamp(sampled_chunk_bytes / mean, min_samples, max_samples));
  std::vector<std::byte> stored;
  for (std::uint64_t i = 0; i < samples; ++i) {
    const std::uint64_t number = written[place(i, samples, written.size() - 1)];
    add_number(sum, reader.read_stored(grid.begin_of(number), stored));  // filters it did not go through
    sum.add(stored);
  }
  content.sampled = samples < grid.count() && !whole;
}

void add_piece(Checksum& sum, const File& file, std::uint64_t begin, std::span<std::byte> buffer) {
  while (!buffer.empty()) {
    const ssize_t got = ::pread(file.descriptor(), buffer.data(), buffer.size(), narrow<off_t>(begin));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      throw IoError({file.path(), "cannot be read: " + std::generic_category().message(errno), ""});
    if (got == 0) throw IoError({file.path(), "ends before its last byte: it has been cut", ""});
    sum.add(buffer.first(to_size(got)));
    buffer = buffer.subspan(to_size(got));
    begin += to_size(got);
  }
}

void look_at_contiguous(Checksum& sum, const Dataset& dataset, const File& file, StoredContent& content) {
  const haddr_t offset = H5Dget_offset(dataset.id());
  if (offset == HADDR_UNDEF || content.bytes == 0) return;  // never written
  const std::uint64_t bytes = to_size(content.bytes);
  content.sampled = content.bytes > max_stored_bytes_compared_whole;
  const std::uint64_t length = std::min(bytes, piece_bytes);
  const std::uint64_t pieces = content.sampled ? max_samples : (bytes + length - 1) / length;
  std::vector<std::byte> buffer(length);
  for (std::uint64_t i = 0; i < pieces; ++i)
    add_piece(sum, file, offset + place(i, pieces, bytes - length), buffer);
}

/// A compact dataset is in its own header, at most 64 KiB.
void look_at_compact(Checksum& sum, const Dataset& dataset, StoredContent& content) {
  const Handle type(H5Dget_type(dataset.id()), dataset.name(), "read its type");
  constexpr std::size_t largest = std::size_t{1} << 16U;
  const std::size_t element = H5Tget_size(type.get());
  if (dataset.element_count() > largest / std::max<std::size_t>(1, element))
    throw IoError({dataset.name(), "is damaged: too large for its layout", ""});
  std::vector<std::byte> values(dataset.element_count() * element);
  dataset.read_as(type.get(), values.data(), values.size());
  sum.add(values);
  content.bytes = narrow<std::int64_t>(values.size());
}

std::string chunks_in_words(const Dataset& dataset) {
  const auto filters = dataset.filters();
  return fmt::format("chunks of {}{}", fmt::join(dataset.chunks(), ", "),
                     filters.empty() ? "" : fmt::format(" ({})", fmt::join(filters, ", ")));
}

}  // namespace

std::optional<StoredContent> stored_content(const Dataset& dataset, const File& file) {
  const Handle creation(H5Dget_create_plist(dataset.id()), dataset.name(), "read its layout");
  const H5D_layout_t layout = H5Pget_layout(creation.get());
  if (layout == H5D_VIRTUAL || H5Pget_external_count(creation.get()) > 0) return std::nullopt;
  StoredContent content;
  content.bytes = narrow<std::int64_t>(H5Dget_storage_size(dataset.id()));
  Checksum sum;
  add_type(sum, dataset, creation.get());
  if (layout == H5D_CHUNKED) {
    content.layout = chunks_in_words(dataset);
    add_filters(sum, dataset, creation.get());
    look_at_chunks(sum, dataset, file.stamp().bytes, content);
  } else if (layout == H5D_CONTIGUOUS) {
    content.layout = "contiguous";
    look_at_contiguous(sum, dataset, file, content);
  } else {
    content.layout = "compact";
    look_at_compact(sum, dataset, content);
  }
  content.checksum = sum.value();
  return content;
}

}  // namespace cleft::h5
