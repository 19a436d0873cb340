#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/h5/handle.hpp"

namespace cleft::h5 {

/// A chunk as it stands in a file.
struct PackedChunk {
  std::uint32_t skipped = 0;  ///< HDF5's mask of the filters that it did not go through
  std::vector<std::byte> bytes;
};

/// Compresses a chunk as HDF5 does for a dataset whose only filter is deflate, to the same bytes. Computes on
/// memory alone: several threads may do it at once.
/// \param elements  All of the chunk, also what lies beyond the dataset's end, as the file has them.
/// \param level     1 (fast) to 9.
/// \throws std::bad_alloc
PackedChunk deflated(std::span<const std::byte> elements, int level);
/// How many bytes a chunk can take at most that is made by `deflated`.
std::size_t most_deflated_bytes(std::size_t chunk_bytes);

/// Undoes what HDF5's usual filters have done to a chunk: shuffle, deflate (gzip) and fletcher32, and h5py's
/// LZF, which HDF5 itself lacks. HDF5 believes the file: of a chunk that holds less than its shape it hands
/// out memory that nobody has written, and one that holds more it inflates to the end.
class ChunkFilters {
 public:
  /// \param chunk_bytes  Of a decoded chunk.
  /// \returns Nothing when chunks go through other filters.
  static std::optional<ChunkFilters> of(hid_t dataset, const std::string& name, std::size_t chunk_bytes);

  /// Whether chunks are stored as they are.
  bool none() const { return steps_.empty(); }
  /// How many bytes a chunk can take in the file at most: more is damage.
  std::size_t most_stored_bytes() const;

  /// Decodes a chunk. The work and the memory are bounded by the chunk's own size.
  /// \param stored   As in the file.
  /// \param skipped  HDF5's mask of the filters that this chunk did not go through.
  /// \param out      Of `chunk_bytes`; undefined after a failure.
  /// \returns What is wrong with it; nothing when it is whole.
  std::optional<std::string> decode(std::span<const std::byte> stored, unsigned skipped,
                                    std::span<std::byte> out);

 private:
  enum class Kind { shuffle, deflate, lzf, fletcher32 };
  struct Step {
    Kind kind;
    unsigned position;              // in HDF5's pipeline
    std::size_t element_bytes = 1;  // of shuffle
  };
  std::vector<Step> steps_;  // in the order in which they were applied
  std::size_t chunk_bytes_ = 0;
  std::array<std::vector<std::byte>, 2> scratch_;
};

/// What can be seen from outside of chunks that go through filters which only HDF5 can undo. HDF5 does not
/// ask whether such a filter made a whole chunk: what it did not make is memory that nobody has written.
class LibraryFilters {
 public:
  /// \param chunk_bytes  Of a decoded chunk.
  LibraryFilters(hid_t dataset, const std::string& name, std::size_t chunk_bytes);

  /// How many bytes a chunk can take in the file at most: more is damage.
  std::size_t most_stored_bytes() const;
  /// Looks whether a chunk has at least the bytes that its shape needs: where no filter was applied, and
  /// where scale-offset, N-bit or szip is the only one. Of other filters (plugins) nothing is known.
  /// \param stored   As in the file.
  /// \param skipped  HDF5's mask of the filters that this chunk did not go through.
  /// \returns What is wrong with it.
  std::optional<std::string> problem_of(std::span<const std::byte> stored, unsigned skipped) const;

 private:
  unsigned count_ = 0;
  H5Z_filter_t only_ = H5Z_FILTER_NONE;  // where there is one
  std::vector<unsigned> settings_;       // of it
  std::size_t chunk_bytes_ = 0;
};

/// The first filter of a dataset that neither ChunkFilters nor HDF5 with its plugins can undo: its name and
/// its registered number; empty where all of them can be undone.
std::string missing_filter(hid_t dataset, const std::string& name);

}  // namespace cleft::h5
