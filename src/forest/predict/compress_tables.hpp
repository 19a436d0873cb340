#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace cleft::forest {

/// Where the elements of a vector come from when those to keep are packed together at its beginning, by the
/// bits of those to keep. AVX2 has no instruction that packs, but one that moves 32-bit elements to places
/// that are looked up. Places behind the kept ones are 0.
struct CompressTables {
  /// [bits of 4 elements] of 64-bit elements, each as two halves.
  alignas(64) std::array<std::array<std::uint32_t, 8>, 16> halves_of_four{};
  /// [bits of 8 elements] of 32-bit elements.
  alignas(64) std::array<std::array<std::uint8_t, 8>, 256> of_eight{};
};

constexpr CompressTables make_compress_tables() {
  CompressTables tables;
  for (std::size_t bits = 0; bits < 256; ++bits) {
    std::size_t kept = 0;
    for (std::uint8_t element = 0; element < 8; ++element) {
      if ((bits >> element & 1U) == 0) continue;
      if (bits < 16) {
        tables.halves_of_four[bits][2 * kept] = 2U * element;
        tables.halves_of_four[bits][2 * kept + 1] = 2U * element + 1U;
      }
      tables.of_eight[bits][kept++] = element;
    }
  }
  return tables;
}

inline constexpr CompressTables compress_tables = make_compress_tables();

}  // namespace cleft::forest
