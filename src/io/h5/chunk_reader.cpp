#include "io/h5/chunk_reader.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/h5/shield.hpp"

namespace cleft::h5 {
namespace {

Handle type_of_elements(hid_t dataset, const std::string& name) {
  return {H5Dget_type(dataset), name, "read its type"};
}

/// Whether the numbers of a type have their bytes in the other order than the machine's.
bool is_swapped(hid_t dataset, const std::string& name) {
  const Handle type = type_of_elements(dataset, name);
  const H5T_order_t order = H5Tget_order(type.get()), native = H5Tget_order(H5T_NATIVE_INT);
  return H5Tget_size(type.get()) > 1 && order != native && (order == H5T_ORDER_BE || order == H5T_ORDER_LE);
}

Shape lengths_of_axes(hid_t dataset, const std::string& name) {
  const Handle space(H5Dget_space(dataset), name, "read its shape");
  const int rank = H5Sget_simple_extent_ndims(space.get());
  check(rank, name, "read its shape");
  Shape shape(to_size(rank));
  check(H5Sget_simple_extent_dims(space.get(), shape.data(), nullptr), name, "read its shape");
  return shape;
}

Shape lengths_of_chunks(hid_t dataset, const std::string& name, std::size_t rank) {
  const Handle list(H5Dget_create_plist(dataset), name, "read its layout");
  Shape chunk(rank);
  check(H5Pget_chunk(list.get(), narrow<int>(rank), chunk.data()), name, "read its chunks");
  return chunk;
}

std::size_t bytes_of_chunk(const std::string& name, const Shape& chunk, std::size_t element_bytes) {
  std::size_t bytes = element_bytes;
  for (const hsize_t length : chunk) {
    if (length == 0 || bytes > std::numeric_limits<std::uint32_t>::max() / length)
      throw IoError({name, "is damaged: its chunks have no size, or one beyond 4 GiB", ""});
    bytes *= length;
  }
  return bytes;
}

/// Calls visit(begin) for each chunk that a part touches, with the chunk's first element, until one returns
/// false.
template <class Visit>
void for_each_chunk(const Shape& begin, const Shape& count, const Shape& chunk, const Visit& visit) {
  const std::size_t rank = begin.size();
  Shape first(rank);
  for (std::size_t axis = 0; axis < rank; ++axis) first[axis] = begin[axis] - begin[axis] % chunk[axis];
  Shape at = first;
  for (;;) {
    if (!visit(at)) return;
    std::size_t axis = rank;
    for (; axis > 0; --axis) {
      at[axis - 1] += chunk[axis - 1];
      if (at[axis - 1] < begin[axis - 1] + count[axis - 1]) break;
      at[axis - 1] = first[axis - 1];
    }
    if (axis == 0) return;
  }
}

/// A part of a chunk on its way to memory: row by row along the last axis.
struct RowCopy {
  Shape count;                     // of the part
  Shape from_lengths, to_lengths;  // of the arrays, in elements
  std::size_t element_bytes;

  void run(const std::byte* from, std::byte* to) const { copy(0, from, to); }

 private:
  static std::size_t step(const Shape& lengths, std::size_t axis) {
    std::size_t elements = 1;
    for (std::size_t a = axis + 1; a < lengths.size(); ++a) elements *= lengths[a];
    return elements;
  }
  void copy(std::size_t axis, const std::byte* from, std::byte* to) const {
    if (axis + 1 == count.size()) {
      std::memcpy(to, from, count[axis] * element_bytes);
      return;
    }
    const std::size_t from_step = step(from_lengths, axis) * element_bytes,
                      to_step = step(to_lengths, axis) * element_bytes;
    for (hsize_t i = 0; i < count[axis]; ++i) copy(axis + 1, from + i * from_step, to + i * to_step);
  }
};

/// How many elements lie before a position in an array.
std::size_t offset_in(const Shape& position, const Shape& lengths) {
  std::size_t offset = 0;
  for (std::size_t axis = 0; axis < lengths.size(); ++axis) offset = offset * lengths[axis] + position[axis];
  return offset;
}

}  // namespace

ChunkReader::ChunkReader(hid_t dataset, std::string name, std::size_t cache_bytes)
    : dataset_(dataset),
      name_(std::move(name)),
      shape_(lengths_of_axes(dataset, name_)),
      chunk_(lengths_of_chunks(dataset, name_, shape_.size())),
      element_bytes_(H5Tget_size(type_of_elements(dataset, name_).get())),
      chunk_bytes_(bytes_of_chunk(name_, chunk_, element_bytes_)),
      most_kept_(std::max<std::size_t>(1, cache_bytes / chunk_bytes_)),
      swapped_(is_swapped(dataset, name_)),
      filters_(ChunkFilters::of(dataset, name_, chunk_bytes_)) {
  decodes_ = filters_ && !filters_->none();
}

ChunkReader::Stored ChunkReader::find(const Shape& begin) const {
  hsize_t bytes = 0;
  // H5Dget_chunk_info_by_coord would tell more, but goes through all chunks for it.
  const herr_t status =
      shielded(name_, [&] { return H5Dget_chunk_storage_size(dataset_, begin.data(), &bytes); });
  if (status < 0 && last_reason().starts_with("chunk storage is not allocated")) return {};
  check(status, name_, "find its chunks");
  return {bytes, bytes > 0};
}

std::optional<ChunkProblem> ChunkReader::check_size(const Shape& begin, const Stored& stored) const {
  if (!stored.written) {
    if (unwritten_are_fill_) return std::nullopt;
    return ChunkProblem{begin, true, "was never written"};
  }
  const bool is_exact = filters_ && filters_->none();
  if (is_exact && stored.bytes != chunk_bytes_)
    return ChunkProblem{begin, false,
                        fmt::format("holds {} bytes; its shape has {}", stored.bytes, chunk_bytes_)};
  if (filters_ && stored.bytes > filters_->most_stored_bytes())
    return ChunkProblem{begin, false,
                        fmt::format("takes {} bytes, for the {} of its shape", stored.bytes, chunk_bytes_)};
  return std::nullopt;
}

std::optional<ChunkProblem> ChunkReader::load(const Shape& begin, std::vector<std::byte>& elements) {
  const Stored stored = find(begin);
  if (auto problem = check_size(begin, stored)) return problem;
  elements.resize(chunk_bytes_);
  if (!stored.written) {
    fill(elements);
  } else {
    const std::uint32_t skipped = read_bytes(begin, stored.bytes, raw_);
    if (auto problem = filters_->decode(raw_, skipped, elements))
      return ChunkProblem{begin, false, *std::move(problem)};
  }
  if (swapped_) swap_bytes(elements);
  return std::nullopt;
}

std::uint32_t ChunkReader::read_bytes(const Shape& begin, std::size_t bytes,
                                      std::vector<std::byte>& stored) const {
  stored.resize(bytes);
  std::uint32_t skipped = 0;
  check(shielded(name_,
                 [&] { return H5Dread_chunk(dataset_, H5P_DEFAULT, begin.data(), &skipped, stored.data()); }),
        name_, "read a chunk");
  return skipped;
}

std::uint32_t ChunkReader::read_stored(const Shape& begin, std::vector<std::byte>& stored) const {
  const std::size_t bytes = find(begin).bytes;
  if (filters_ && filters_->none()) {
    // Without filters HDF5 tells what the chunk should take, but reads as much as the file says: look first.
    unsigned skipped = 0;
    haddr_t address = 0;
    hsize_t there = 0;
    check(shielded(
              name_,
              [&] { return H5Dget_chunk_info_by_coord(dataset_, begin.data(), &skipped, &address, &there); }),
          name_, "find its chunks");
    if (there != bytes)
      throw IoError(
          {name_, fmt::format("is damaged: a chunk holds {} bytes; its shape has {}", there, bytes), ""});
  }
  return read_bytes(begin, bytes, stored);
}

/// The file's fill value in each element, as the file has it; 0 where it has none.
void ChunkReader::fill(std::vector<std::byte>& elements) const {
  const Handle list(H5Dget_create_plist(dataset_), name_, "read its fill value");
  const Handle type = type_of_elements(dataset_, name_);
  std::vector<std::byte> value(element_bytes_);
  H5D_fill_value_t state = H5D_FILL_VALUE_UNDEFINED;
  check(H5Pfill_value_defined(list.get(), &state), name_, "read its fill value");
  if (state == H5D_FILL_VALUE_USER_DEFINED)
    check(H5Pget_fill_value(list.get(), type.get(), value.data()), name_, "read its fill value");
  for (std::size_t at = 0; at < elements.size(); at += element_bytes_)
    std::copy(value.begin(), value.end(), elements.begin() + narrow<std::ptrdiff_t>(at));
}

void ChunkReader::swap_bytes(std::vector<std::byte>& elements) const {
  for (auto at = elements.begin(); at != elements.end(); at += narrow<std::ptrdiff_t>(element_bytes_))
    std::reverse(at, at + narrow<std::ptrdiff_t>(element_bytes_));
}

/// Memory for one more chunk: where as many are kept as may be, that of the one not used for longest.
std::vector<std::byte> ChunkReader::take_buffer() {
  if (kept_.size() < most_kept_) return {};
  std::vector<std::byte> buffer = std::move(kept_.back().elements);
  places_.erase(kept_.back().number);
  kept_.pop_back();
  return buffer;
}

std::optional<ChunkProblem> ChunkReader::read(const Shape& begin, const Shape& count, const Shape& memory,
                                              void* out) {
  const std::size_t rank = begin.size();
  Shape grid(rank);
  for (std::size_t axis = 0; axis < rank; ++axis)
    grid[axis] = (shape_[axis] + chunk_[axis] - 1) / chunk_[axis];
  std::optional<ChunkProblem> problem;
  for_each_chunk(begin, count, chunk_, [&](const Shape& at) {
    Shape index(rank), in_chunk(rank), in_part(rank), taken(rank);
    for (std::size_t axis = 0; axis < rank; ++axis) {
      const hsize_t first = std::max(at[axis], begin[axis]);
      const hsize_t end = std::min(at[axis] + chunk_[axis], begin[axis] + count[axis]);
      index[axis] = at[axis] / chunk_[axis];
      in_chunk[axis] = first - at[axis];
      in_part[axis] = first - begin[axis];
      taken[axis] = end - first;
    }
    const std::uint64_t number = offset_in(index, grid);
    if (const auto known = places_.find(number); known != places_.end()) {
      kept_.splice(kept_.begin(), kept_, known->second);
    } else {
      std::vector<std::byte> elements = take_buffer();
      problem = load(at, elements);
      if (problem) return false;
      kept_.push_front({number, std::move(elements)});
      places_[number] = kept_.begin();
    }
    RowCopy{taken, chunk_, memory, element_bytes_}.run(
        kept_.front().elements.data() + offset_in(in_chunk, chunk_) * element_bytes_,
        static_cast<std::byte*>(out) + offset_in(in_part, memory) * element_bytes_);
    return true;
  });
  return problem;
}

std::optional<ChunkProblem> ChunkReader::look(const Shape& begin, const Shape& count) const {
  std::optional<ChunkProblem> problem;
  for_each_chunk(begin, count, chunk_, [&](const Shape& at) {
    problem = check_size(at, find(at));
    return !problem;
  });
  return problem;
}

std::optional<ChunkProblem> ChunkReader::look_at_all() {
  std::optional<ChunkProblem> problem;
  if (std::count(shape_.begin(), shape_.end(), hsize_t{0}) > 0 || !filters_) return problem;
  std::vector<std::byte> elements;
  for_each_chunk(Shape(shape_.size(), 0), shape_, chunk_, [&](const Shape& at) {
    problem = filters_->none() ? check_size(at, find(at)) : load(at, elements);
    if (problem && problem->unwritten) problem.reset();
    return !problem;
  });
  return problem;
}

ChunkReader::Count ChunkReader::count_chunks() const {
  Count count{1, 0};
  for (std::size_t axis = 0; axis < shape_.size(); ++axis)
    count.all *= (shape_[axis] + chunk_[axis] - 1) / chunk_[axis];
  hsize_t written = 0;
  const Handle space(H5Dget_space(dataset_), name_, "read its shape");
  check(shielded(name_, [&] { return H5Dget_num_chunks(dataset_, space.get(), &written); }), name_,
        "count its chunks");
  count.unwritten = count.all - std::min<std::uint64_t>(count.all, written);
  return count;
}

}  // namespace cleft::h5
