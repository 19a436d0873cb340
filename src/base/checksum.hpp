#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

struct XXH64_state_s;

namespace cleft {

/// A 64-bit checksum of bytes that arrive in pieces: XXH64 with seed 0, computed by libxxhash (Yann Collet,
/// "xxHash fast digest algorithm", https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). It finds
/// damage of any kind at memory speed; it is no protection against somebody who forges a file on purpose. The
/// same on every machine for the same bytes.
class Checksum {
 public:
  Checksum();
  /// \param bytes  The next piece; how the bytes are cut into pieces makes no difference.
  void add(std::span<const std::byte> bytes);
  /// The checksum of everything added so far; more may be added afterwards.
  std::uint64_t value() const;

 private:
  struct Free {
    void operator()(XXH64_state_s* state) const;
  };
  std::unique_ptr<XXH64_state_s, Free> state_;
};

/// The checksum of bytes that are there in one piece.
std::uint64_t checksum(std::span<const std::byte> bytes);

}  // namespace cleft
