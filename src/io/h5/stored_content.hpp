#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "io/h5/dataset.hpp"
#include "io/h5/file.hpp"

namespace cleft::h5 {

/// Datasets whose stored bytes are at most so many are compared as a whole, larger ones at some places.
inline constexpr std::int64_t max_stored_bytes_compared_whole = std::int64_t{4} << 20U;

/// What a file stores of one dataset, whatever else is in the file: what tells the dataset apart from another
/// one without reading all of it.
struct StoredContent {
  std::int64_t bytes = 0;  ///< as stored, so after compression; nothing for what was never written
  std::string layout;      ///< "chunks of 16, 64, 64 (shuffle, deflate)", "contiguous", "compact"
  /// A checksum (XXH64) over the bits of the type, the filters' settings, the fill value, which chunks were
  /// written and how many bytes each of them takes (of up to a million chunks; of more, of evenly spaced
  /// ones), and over stored bytes: all of a small dataset, else whole chunks at fixed places, at least three,
  /// or pieces where there are no chunks, 4 to 16 MiB in all where chunks are not larger. A compressed chunk
  /// that is written again with other values nearly always takes another number of bytes; of numbers stored
  /// as they are, only those looked at count.
  std::uint64_t checksum = 0;
  bool sampled = false;  ///< not all stored bytes were looked at
};

/// Looks at what is stored. Goes through the index of the chunks, some microseconds for each. Not collective.
/// \param file  That the dataset is in, opened with open_read.
/// \returns Nothing where elements are elsewhere: of virtual datasets and of those with external files.
/// \throws IoError when a chunk or a piece cannot be read, or claims more bytes than the file has.
std::optional<StoredContent> stored_content(const Dataset& dataset, const File& file);

}  // namespace cleft::h5
