#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/h5/chunk_filters.hpp"
#include "io/h5/handle.hpp"

namespace cleft::h5 {

/// What keeps a chunk from being read.
struct ChunkProblem {
  Shape begin;             ///< of the chunk, along the dataset's own axes
  bool unwritten = false;  ///< nobody has ever written it; HDF5 would make up its elements
  std::string text;        ///< "holds 3000 bytes; its shape has 3840"
};

/// How chunks are decoded.
struct Decoding {
  int threads = 1;        ///< that share the work
  std::size_t bytes = 0;  ///< of memory that chunks may take which are decoded together; one may take any
};

/// Reads a dataset of numbers chunk by chunk and believes nothing of a chunk but what it finds: each is there
/// and holds exactly the bytes of its shape. Decoded chunks are kept, so that neighbouring boxes do not
/// decode the same ones again. Only for files that nobody else is writing through HDF5.
class ChunkReader {
 public:
  /// \param dataset      Chunked; must stay open as long as this object lives.
  /// \param name         Of the dataset, for messages.
  /// \param cache_bytes  For decoded chunks that are kept; the last ones are kept whatever their size.
  /// \param decoding     For `read`, which alone calls HDF5, on the thread that it is called on.
  ChunkReader(hid_t dataset, std::string name, std::size_t cache_bytes, const Decoding& decoding = {});

  /// Whether `read` can be used. If not, chunks go through filters that only HDF5 has, or they are stored as
  /// they are, so that HDF5 has nothing to decode: then `look` comes first.
  bool decodes() const { return decodes_; }
  /// Bytes of a decoded chunk.
  std::size_t chunk_bytes() const { return chunk_bytes_; }
  /// How many chunks are decoded together at most. Each takes thrice its bytes meanwhile: as it is stored, on
  /// its way through the filters, and decoded.
  std::size_t chunks_at_once() const { return at_once_; }
  /// Unwritten chunks are no problem: they have the file's fill value.
  void take_unwritten_as_fill() { unwritten_are_fill_ = true; }

  /// Copies the elements [begin, begin + count) as they are stored, in the machine's byte order.
  /// \param memory  Lengths of the array that `out` is, in C order; the part goes to its beginning.
  /// \pre    decodes(); the part lies inside the dataset and is not empty.
  /// \throws IoError when HDF5 cannot find or read a chunk.
  std::optional<ChunkProblem> read(const Shape& begin, const Shape& count, const Shape& memory, void* out);
  /// Looks only whether the chunks of a part are there and whole, as far as that can be seen without undoing
  /// filters that only HDF5 has; of these, it reads the stored bytes.
  /// \throws IoError when HDF5 cannot find or read a chunk.
  std::optional<ChunkProblem> look(const Shape& begin, const Shape& count) const;

  /// Bytes that a chunk takes in the file, so after compression; 0 where it was never written.
  /// \param begin   Its first element.
  /// \throws        IoError when HDF5 cannot find it, or as chunks_of_other_size.
  std::size_t stored_bytes(const Shape& begin) const { return find(begin).bytes; }
  /// Reads them.
  /// \pre     It was written.
  /// \returns HDF5's mask of the filters that this chunk did not go through.
  /// \throws  IoError when HDF5 cannot find or read it.
  std::uint32_t read_stored(const Shape& begin, std::vector<std::byte>& stored) const;

  /// Decodes every chunk that was written, as far as this object can.
  std::optional<ChunkProblem> look_at_all();

  /// How many chunks the dataset has, and how many of these were never written. Goes through the index of
  /// all chunks: a few microseconds for each.
  struct Count {
    std::uint64_t all = 0, unwritten = 0;
  };
  Count count_chunks() const;

 private:
  struct Kept {
    std::uint64_t number;
    std::vector<std::byte> elements;
  };
  struct Stored {
    std::size_t bytes = 0;
    bool written = false;
  };
  /// Where `read` puts what.
  struct Target;
  /// A chunk that a part touches.
  struct Piece {
    Shape begin;
    std::uint64_t number;  // in the order of all chunks
  };
  /// What a chunk takes while it is read and decoded.
  struct Slot {
    ChunkFilters filters;  // with memory of their own to work in
    std::vector<std::byte> raw{}, elements{};
    std::uint32_t skipped = 0;  // HDF5's mask of filters
    bool written = false;
  };
  Stored find(const Shape& begin) const;
  std::optional<ChunkProblem> check_size(const Shape& begin, const Stored& stored) const;
  std::uint32_t read_bytes(const Shape& begin, std::size_t bytes, std::vector<std::byte>& stored) const;
  std::optional<ChunkProblem> look_at(const Shape& begin, std::vector<std::byte>& stored) const;
  std::optional<ChunkProblem> fetch(const Shape& begin, Slot& slot) const;
  std::optional<ChunkProblem> decode(const Shape& begin, Slot& slot) const;
  std::vector<Piece> pieces_of(const Shape& begin, const Shape& count) const;
  void copy(const Piece& piece, const std::vector<std::byte>& elements, const Target& target) const;
  std::optional<ChunkProblem> read_together(std::span<const Piece> pieces, const Target& target);
  void fill(std::vector<std::byte>& elements) const;
  void swap_bytes(std::vector<std::byte>& elements) const;
  std::vector<std::byte> take_buffer(std::size_t taken);

  hid_t dataset_;
  std::string name_;
  Shape shape_, chunk_;
  std::size_t element_bytes_ = 1, chunk_bytes_ = 0, at_once_ = 1, most_kept_ = 1;
  int threads_ = 1;
  bool swapped_ = false, decodes_ = false, unwritten_are_fill_ = false;
  std::optional<ChunkFilters> filters_;
  LibraryFilters library_filters_;  // where filters_ is empty
  /// Of chunks without filters, those that take other bytes than their shape has; found when first needed.
  mutable std::optional<std::map<Shape, std::uint64_t>> other_sizes_;
  std::deque<Slot> slots_;  // for those that are decoded together
  std::list<Kept> kept_;    // the one used last first
  std::unordered_map<std::uint64_t, std::list<Kept>::iterator> places_;
};

}  // namespace cleft::h5
