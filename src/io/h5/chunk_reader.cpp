#include "io/h5/chunk_reader.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/threads.hpp"
#include "io/h5/chunk_sizes.hpp"
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

/// How many chunks are decoded together: some for each thread as long as that takes little memory, one for
/// each as long as it takes no more than it may.
std::size_t together(const Decoding& decoding, std::size_t chunk_bytes) {
  constexpr std::size_t few_bytes = std::size_t{24} << 20U, some = 8;
  const std::size_t threads = to_size(decoding.threads), each = 3 * chunk_bytes;
  if (threads <= 1) return 1;
  const std::size_t least = std::min(threads, decoding.bytes / each);
  return std::max<std::size_t>(1,
                               std::clamp(std::min(few_bytes, decoding.bytes) / each, least, some * threads));
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

/// Part of a read: from the chunk that holds them to memory.
struct ChunkReader::Target {
  Shape begin, count;  // of the part, in the dataset
  Shape memory;
  std::byte* out;
};

ChunkReader::ChunkReader(hid_t dataset, std::string name, std::size_t cache_bytes, const Decoding& decoding)
    : dataset_(dataset),
      name_(std::move(name)),
      shape_(lengths_of_axes(dataset, name_)),
      chunk_(lengths_of_chunks(dataset, name_, shape_.size())),
      element_bytes_(H5Tget_size(type_of_elements(dataset, name_).get())),
      chunk_bytes_(bytes_of_chunk(name_, chunk_, element_bytes_)),
      at_once_(together(decoding, chunk_bytes_)),
      most_kept_(std::max(at_once_, cache_bytes / chunk_bytes_)),
      threads_(decoding.threads),
      swapped_(is_swapped(dataset, name_)),
      filters_(ChunkFilters::of(dataset, name_, chunk_bytes_)),
      library_filters_(dataset, name_, chunk_bytes_) {
  decodes_ = filters_ && !filters_->none();
}

ChunkReader::Stored ChunkReader::find(const Shape& begin) const {
  if (filters_ && filters_->none()) {
    if (!other_sizes_) other_sizes_ = chunks_of_other_size(dataset_, name_, chunk_bytes_);
    const auto other = other_sizes_->find(begin);
    if (other != other_sizes_->end()) return {other->second, true};
  }
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
  if (stored.bytes > (filters_ ? filters_->most_stored_bytes() : library_filters_.most_stored_bytes()))
    return ChunkProblem{begin, false,
                        fmt::format("takes {} bytes, for the {} of its shape", stored.bytes, chunk_bytes_)};
  return std::nullopt;
}

/// Reads a chunk as it is stored, or makes up one that was never written. Calls HDF5.
std::optional<ChunkProblem> ChunkReader::fetch(const Shape& begin, Slot& slot) const {
  const Stored stored = find(begin);
  if (auto problem = check_size(begin, stored)) return problem;
  slot.elements.resize(chunk_bytes_);
  slot.written = stored.written;
  if (!stored.written) {
    fill(slot.elements);
    return std::nullopt;
  }
  slot.skipped = read_bytes(begin, stored.bytes, slot.raw);
  return std::nullopt;
}

/// Makes elements of what was fetched. Computes on memory alone, on any thread.
std::optional<ChunkProblem> ChunkReader::decode(const Shape& begin, Slot& slot) const {
  if (slot.written)
    if (auto problem = slot.filters.decode(slot.raw, slot.skipped, slot.elements))
      return ChunkProblem{begin, false, *std::move(problem)};
  if (swapped_) swap_bytes(slot.elements);
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
  if (filters_ && filters_->none() && bytes != chunk_bytes_)
    throw IoError({name_,
                   fmt::format("is damaged: the chunk at {} holds {} bytes; its shape has {}",
                               fmt::join(begin, ", "), bytes, chunk_bytes_),
                   ""});
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
/// \param taken  Buffers that were taken already, whose chunks are not yet among those that are kept.
std::vector<std::byte> ChunkReader::take_buffer(std::size_t taken) {
  if (kept_.size() + taken < most_kept_) return {};
  std::vector<std::byte> buffer = std::move(kept_.back().elements);
  places_.erase(kept_.back().number);
  kept_.pop_back();
  return buffer;
}

std::vector<ChunkReader::Piece> ChunkReader::pieces_of(const Shape& begin, const Shape& count) const {
  Shape grid(begin.size());
  for (std::size_t axis = 0; axis < begin.size(); ++axis)
    grid[axis] = (shape_[axis] + chunk_[axis] - 1) / chunk_[axis];
  std::vector<Piece> pieces;
  for_each_chunk(begin, count, chunk_, [&](const Shape& at) {
    Shape index(at.size());
    for (std::size_t axis = 0; axis < at.size(); ++axis) index[axis] = at[axis] / chunk_[axis];
    pieces.push_back({at, offset_in(index, grid)});
    return true;
  });
  return pieces;
}

std::optional<ChunkProblem> ChunkReader::read(const Shape& begin, const Shape& count, const Shape& memory,
                                              void* out) {
  const Target target{begin, count, memory, static_cast<std::byte*>(out)};
  const std::vector<Piece> pieces = pieces_of(begin, count);
  for (std::size_t first = 0; first < pieces.size(); first += at_once_) {
    const auto some = std::span(pieces).subspan(first, std::min(at_once_, pieces.size() - first));
    if (auto problem = read_together(some, target)) return problem;
  }
  return std::nullopt;
}

/// Copies what a part takes of a chunk.
void ChunkReader::copy(const Piece& piece, const std::vector<std::byte>& elements,
                       const Target& target) const {
  const std::size_t rank = piece.begin.size();
  Shape in_chunk(rank), in_part(rank), taken(rank);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const hsize_t first = std::max(piece.begin[axis], target.begin[axis]);
    const hsize_t end = std::min(piece.begin[axis] + chunk_[axis], target.begin[axis] + target.count[axis]);
    in_chunk[axis] = first - piece.begin[axis];
    in_part[axis] = first - target.begin[axis];
    taken[axis] = end - first;
  }
  RowCopy{taken, chunk_, target.memory, element_bytes_}.run(
      elements.data() + offset_in(in_chunk, chunk_) * element_bytes_,
      target.out + offset_in(in_part, target.memory) * element_bytes_);
}

/// Reads chunks as they are stored, one after the other, then decodes and copies them together.
/// \param pieces  At most at_once_.
/// \returns       The problem of the first that has one, as if they had been read one by one.
std::optional<ChunkProblem> ChunkReader::read_together(std::span<const Piece> pieces, const Target& target) {
  struct Work {
    Slot* slot = nullptr;  // of a chunk that is not kept
    const std::vector<std::byte>* elements = nullptr;
    std::optional<ChunkProblem> problem;
  };
  std::vector<Work> work(pieces.size());
  std::size_t slots = 0;
  for (std::size_t n = 0; n < pieces.size(); ++n) {
    if (const auto known = places_.find(pieces[n].number); known != places_.end()) {
      kept_.splice(kept_.begin(), kept_, known->second);  // to the front: it stays while buffers are taken
      work[n].elements = &known->second->elements;
    } else {
      if (slots_.size() == slots) slots_.push_back({.filters = *filters_});
      work[n].slot = &slots_[slots++];
    }
  }
  std::size_t fetched = 0, taken = 0;
  std::exception_ptr failure;
  try {
    for (; fetched < pieces.size(); ++fetched) {
      Work& of = work[fetched];
      if (of.slot == nullptr) continue;
      of.slot->elements = take_buffer(taken++);
      of.problem = fetch(pieces[fetched].begin, *of.slot);
      if (of.problem) break;
    }
  } catch (...) {  // a chunk before it may be damaged, too: that comes first
    failure = std::current_exception();
  }
  run_on_threads(narrow<std::int64_t>(fetched), threads_, [&](std::int64_t number) {
    const Piece& piece = pieces[to_size(number)];
    Work& of = work[to_size(number)];
    if (of.slot != nullptr) {
      of.problem = decode(piece.begin, *of.slot);
      of.elements = &of.slot->elements;
    }
    if (!of.problem) copy(piece, *of.elements, target);
  });
  for (Work& of : work)
    if (of.problem) return std::move(of.problem);
  if (failure) std::rethrow_exception(failure);
  for (std::size_t n = 0; n < pieces.size(); ++n) {
    if (work[n].slot == nullptr) continue;
    kept_.push_front({pieces[n].number, std::move(work[n].slot->elements)});
    places_[pieces[n].number] = kept_.begin();
  }
  return std::nullopt;
}

/// Looks at a chunk that this object cannot decode.
std::optional<ChunkProblem> ChunkReader::look_at(const Shape& begin, std::vector<std::byte>& stored) const {
  const Stored found = find(begin);
  if (auto problem = check_size(begin, found)) return problem;
  if (filters_ || !found.written) return std::nullopt;
  const std::uint32_t skipped = read_bytes(begin, found.bytes, stored);
  if (auto problem = library_filters_.problem_of(stored, skipped))
    return ChunkProblem{begin, false, *std::move(problem)};
  return std::nullopt;
}

std::optional<ChunkProblem> ChunkReader::look(const Shape& begin, const Shape& count) const {
  std::optional<ChunkProblem> problem;
  std::vector<std::byte> stored;
  for_each_chunk(begin, count, chunk_, [&](const Shape& at) {
    problem = look_at(at, stored);
    return !problem;
  });
  return problem;
}

std::optional<ChunkProblem> ChunkReader::look_at_all() {
  std::optional<ChunkProblem> problem;
  if (std::count(shape_.begin(), shape_.end(), hsize_t{0}) > 0) return problem;
  Slot slot;
  if (filters_) slot.filters = *filters_;
  for_each_chunk(Shape(shape_.size(), 0), shape_, chunk_, [&](const Shape& at) {
    problem = decodes_ ? fetch(at, slot) : look_at(at, slot.raw);
    if (!problem && decodes_) problem = decode(at, slot);
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
