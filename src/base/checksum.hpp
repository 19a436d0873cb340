#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace cleft {

/// A 64-bit checksum of bytes that arrive in pieces: XXH64 with seed 0 (Yann Collet, "xxHash fast digest
/// algorithm", https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). It finds damage of any kind
/// at memory speed; it is no protection against somebody who forges a file on purpose. The same on every
/// machine for the same bytes.
class Checksum {
 public:
  /// \param bytes  The next piece; how the bytes are cut into pieces makes no difference.
  void add(std::span<const std::byte> bytes);
  /// Of everything added so far.
  std::uint64_t value() const;

 private:
  static constexpr std::size_t stripe = 32;
  static constexpr std::uint64_t prime1 = 0x9E3779B185EBCA87U, prime2 = 0xC2B2AE3D27D4EB4FU;

  std::array<std::uint64_t, 4> lanes_{prime1 + prime2, prime2, 0, 0 - prime1};
  std::array<std::byte, stripe> rest_{};  // bytes that do not fill a stripe yet
  std::uint64_t length_ = 0;
};

/// The checksum of one piece.
std::uint64_t checksum(std::span<const std::byte> bytes);

}  // namespace cleft
