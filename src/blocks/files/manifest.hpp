#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/narrow.hpp"
#include "io/h5/h5.hpp"

namespace cleft {

/// Which blocks of a file are done, kept in the file itself: `/manifest`, one byte per block, and
/// `/checksums`, one number per block. A block that was never written is pending and cannot be mistaken for
/// one that holds zeros.
class Manifest {
 public:
  enum class Mark : std::uint8_t { pending = 0, done = 1 };

  /// Bytes of disk that a manifest takes.
  static std::int64_t stored_bytes(std::int64_t block_count);
  /// Makes both datasets with every block pending. On a file shared by ranks collective, and all ranks must
  /// have returned before any calls mark_done.
  static Manifest create(h5::File& file, std::int64_t block_count);
  /// Of a file that has one.
  /// \throws InputError when it does not fit `block_count`.
  static Manifest open(const h5::File& file, std::int64_t block_count);

  /// What the file said when it was created or opened. Not collective.
  const std::vector<std::uint8_t>& marks() const { return marks_; }
  std::uint64_t checksum(std::int64_t block) const { return checksums_[to_size(block)]; }

  /// Call when the block's data are written, never before: a job may be killed in between, and then the block
  /// counts as pending. Not collective.
  /// \throws IoError
  void mark_done(std::int64_t block, std::uint64_t checksum);

 private:
  Manifest(h5::Dataset marks, h5::Dataset checksums);

  h5::Dataset mark_dataset_, checksum_dataset_;
  std::vector<std::uint8_t> marks_;
  std::vector<std::uint64_t> checksums_;
};

}  // namespace cleft
