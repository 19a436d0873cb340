#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/narrow.hpp"
#include "io/h5/file.hpp"

namespace cleft {

/// Which blocks of an HDF5 file are done and what the checksums of their data are, kept in the file itself:
/// `/manifest`, uint8, and `/checksums`, uint64, each with one element per block. So a block that was never
/// written cannot be mistaken for one that holds zeros.
class Manifest {
 public:
  /// The values in `/manifest`.
  enum class Mark : std::uint8_t { pending = 0, done = 1 };

  /// Bytes on disk that a manifest of `block_count` blocks takes.
  static std::int64_t stored_bytes(std::int64_t block_count);
  /// Makes both datasets with every block pending. Collective if the file is shared by ranks: all of them
  /// must have returned from it before any calls mark_done.
  /// \throws IoError
  static Manifest create(h5::File& file, std::int64_t block_count);
  /// Reads the manifest of a file that has one.
  /// \throws InputError when it is not of `block_count` blocks; IoError when it cannot be read.
  static Manifest open(const h5::File& file, std::int64_t block_count);

  /// The marks alone, as many as the file has.
  /// \throws InputError when it has none; IoError
  static std::vector<std::uint8_t> read_marks(const h5::File& file);

  /// [block] its Mark when the manifest was created or opened; later calls of mark_done do not change it.
  const std::vector<std::uint8_t>& marks() const { return marks_; }
  /// The checksum of a block's data when the manifest was created or opened; 0 if it was pending.
  std::uint64_t checksum(std::int64_t block) const { return checksums_[to_size(block)]; }

  /// Marks a block done in the file. Call it after the block's data are written, never before: a job that is
  /// killed in between leaves the block pending. Not collective.
  /// \param checksum  Of the block's data, for whoever resumes or verifies the file.
  /// \throws IoError
  void mark_done(std::int64_t block, std::uint64_t checksum);

 private:
  Manifest(h5::Dataset marks, h5::Dataset checksums);

  h5::Dataset mark_dataset_, checksum_dataset_;
  std::vector<std::uint8_t> marks_;
  std::vector<std::uint64_t> checksums_;
};

}  // namespace cleft
