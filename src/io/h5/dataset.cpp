#include "io/h5/dataset.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/h5/chunk_reader.hpp"
#include "io/h5/select.hpp"
#include "io/h5/shield.hpp"
#include "io/h5/strings.hpp"

namespace cleft::h5 {
namespace {

Handle space_of(const Dataset& dataset) {
  return {H5Dget_space(dataset.id()), dataset.name(), "read its shape"};
}

Handle type_of(const Dataset& dataset) {
  return {H5Dget_type(dataset.id()), dataset.name(), "read its type"};
}

/// The memory's side: the same shape as the part, since HDF5 goes through the elements one by one where
/// shapes differ.
Handle memory_space(const Dataset& dataset, const Shape& count, std::size_t elements) {
  const auto wanted = std::accumulate(count.begin(), count.end(), hsize_t{1}, std::multiplies<>());
  if (wanted != elements) throw InternalError(dataset.name() + ": a part and its memory differ in size");
  return {H5Screate_simple(narrow<int>(count.size()), count.data(), nullptr), dataset.name(),
          "describe memory"};
}

}  // namespace

Shape Dataset::shape() const {
  const Handle space = space_of(*this);
  const int rank = H5Sget_simple_extent_ndims(space.get());
  check(rank, name_, "read its shape");
  Shape shape(to_size(rank));
  check(H5Sget_simple_extent_dims(space.get(), shape.data(), nullptr), name_, "read its shape");
  return shape;
}

std::size_t Dataset::element_count() const {
  const hssize_t points = H5Sget_simple_extent_npoints(space_of(*this).get());
  check(points, name_, "read its shape");
  return to_size(points);
}

Shape Dataset::chunks() const {
  const Handle list(H5Dget_create_plist(id()), name_, "read its layout");
  if (H5Pget_layout(list.get()) != H5D_CHUNKED) return {};
  Shape chunks(shape().size());
  check(H5Pget_chunk(list.get(), narrow<int>(chunks.size()), chunks.data()), name_, "read its chunks");
  return chunks;
}

std::vector<std::string> Dataset::filters() const {
  const Handle list(H5Dget_create_plist(id()), name_, "read its filters");
  const int count = H5Pget_nfilters(list.get());
  check(count, name_, "read its filters");
  std::vector<std::string> names;
  for (unsigned i = 0; i < narrow<unsigned>(count); ++i) {
    std::array<char, 64> name{};
    unsigned flags = 0;
    std::size_t value_count = 0;
    const auto id_of_filter =
        H5Pget_filter2(list.get(), i, &flags, &value_count, nullptr, name.size(), name.data(), nullptr);
    check(id_of_filter, name_, "read its filters");
    names.emplace_back(name.front() != '\0' ? name.data() : "filter " + std::to_string(id_of_filter));
  }
  return names;
}

H5T_class_t Dataset::type_class() const {
  return H5Tget_class(type_of(*this).get());
}

int Dataset::highest_member() const {
  const Handle type = type_of(*this);
  if (H5Tget_class(type.get()) != H5T_ENUM || H5Tget_size(type.get()) != 1) return -1;
  const int count = H5Tget_nmembers(type.get());
  check(count, name_, "read its type");
  std::int8_t highest = 0;
  for (unsigned i = 0; i < narrow<unsigned>(count); ++i) {
    std::int8_t member = 0;
    check(H5Tget_member_value(type.get(), i, &member), name_, "read its type");
    highest = std::max(highest, member);
  }
  return highest;
}

void Dataset::check_numeric() const {
  const H5T_class_t kind = type_class();
  if (kind != H5T_INTEGER && kind != H5T_FLOAT && kind != H5T_ENUM)
    throw InputError({name_, "does not hold numbers", "a dataset of numbers"});
}

/// A damaged or hostile file may claim a size that no memory has. gzip shrinks at most 1032-fold; the slack
/// is for the few filters that shrink more.
void Dataset::check_plausible(std::size_t element_bytes) const {
  constexpr std::size_t slack = std::size_t{64} << 20U;
  constexpr std::size_t best_compression = 1040;
  const std::size_t stored = H5Dget_storage_size(id());
  const std::size_t limit = stored > std::numeric_limits<std::size_t>::max() / best_compression - slack
                                ? std::numeric_limits<std::size_t>::max()
                                : stored * best_compression + slack;
  if (element_count() > limit / element_bytes)
    throw InputError(
        {name_, fmt::format("claims {} elements but only {} bytes are stored", element_count(), stored), ""});
}

/// HDF5 reads a chunk that holds less than its shape from memory that nobody has written.
void Dataset::check_chunks() const {
  if (chunks().empty() || element_count() == 0) return;
  const auto problem = ChunkReader(id(), name_, 0).look_at_all();
  if (problem)
    throw IoError(
        {name_, fmt::format("is damaged: the chunk at {} {}", fmt::join(problem->begin, ", "), problem->text),
         ""});
}

void Dataset::write_chunk(const Shape& begin, const PackedChunk& chunk) {
  check(
      H5Dwrite_chunk(id(), H5P_DEFAULT, chunk.skipped, begin.data(), chunk.bytes.size(), chunk.bytes.data()),
      name_, "write a chunk");
}

void Dataset::read_as(hid_t type, void* out, std::size_t bytes) const {
  if (bytes != element_count() * H5Tget_size(type))
    throw InternalError(name_ + ": read into memory of another size");
  check(shielded(name_, [&] { return H5Dread(id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, out); }), name_,
        "read");
}

void Dataset::write_as(hid_t type, const void* values) {
  check(H5Dwrite(id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), name_, "write");
}

void Dataset::read_box(const Shape& begin, const Shape& count, hid_t type, void* out,
                       std::size_t out_count) const {
  const Handle memory = memory_space(*this, count, out_count);
  const Handle file = select_box(space_of(*this), begin, count, name_);
  check(shielded(name_, [&] { return H5Dread(id(), type, memory.get(), file.get(), H5P_DEFAULT, out); }),
        name_, "read");
}

void Dataset::write_box(const Shape& begin, const Shape& count, hid_t type, const void* values,
                        std::size_t value_count) {
  const Handle memory = memory_space(*this, count, value_count);
  const Handle file = select_box(space_of(*this), begin, count, name_);
  check(H5Dwrite(id(), type, memory.get(), file.get(), H5P_DEFAULT, values), name_, "write");
}

std::vector<std::string> Dataset::read_texts() const {
  const Handle type = type_of(*this);
  if (H5Tget_class(type.get()) != H5T_STRING)
    throw InputError({name_, "does not hold text", "a dataset of text"});
  check_plausible(H5Tget_size(type.get()));
  const Handle space = space_of(*this);
  return read_strings(type.get(), space.get(), element_count(), name_, [&](hid_t memory, void* out) {
    check(shielded(name_, [&] { return H5Dread(id(), memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, out); }), name_,
          "read");
  });
}

}  // namespace cleft::h5
