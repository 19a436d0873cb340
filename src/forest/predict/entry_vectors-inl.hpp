// Included once per SIMD target (Highway's foreach_target), hence no #pragma once.
#if defined(CLEFT_FOREST_ENTRY_VECTORS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef CLEFT_FOREST_ENTRY_VECTORS_INL
#undef CLEFT_FOREST_ENTRY_VECTORS_INL
#else
#define CLEFT_FOREST_ENTRY_VECTORS_INL
#endif

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "forest/tuning.hpp"

// What the kernels of LaneMasks and of lone voxels share: masks as bits, and vectors of entries_at_once
// addresses.

HWY_BEFORE_NAMESPACE();
namespace cleft::forest::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Lane i of the mask as bit i.
/// \pre At most 64 lanes.
template <class D>
HWY_INLINE std::uint64_t bits_of(D d, hn::Mask<D> mask) {
  std::uint8_t bytes[8] = {};
  hn::StoreMaskBits(d, mask, bytes);
  std::uint64_t bits = 0;
  std::memcpy(&bits, bytes, (hn::MaxLanes(d) + 7) / 8);
  return bits;
}

/// Stores lane i of the mask as bit first + i of 64 bits, which are written in ascending order.
template <class D>
HWY_INLINE void store_bits(D d, hn::Mask<D> mask, std::size_t first, std::uint8_t* bits) {
  if (hn::Lanes(d) >= 8) {
    hn::StoreMaskBits(d, mask, bits + first / 8);
    return;
  }
  const auto few = static_cast<std::uint8_t>(bits_of(d, mask) << first % 8);
  bits[first / 8] = static_cast<std::uint8_t>(first % 8 == 0 ? few : bits[first / 8] | few);
}

#if HWY_ARCH_X86 && HWY_MAX_BYTES == 64  // AVX-512
using AddressTag = hn::CappedTag<std::uint32_t, entries_at_once>;
using Addresses = hn::Vec<AddressTag>;   // of entries_at_once entries
using EntryMask = hn::Mask<AddressTag>;  // some of these entries

HWY_INLINE std::size_t count_of(EntryMask entries) {
  return static_cast<std::size_t>(_mm_popcnt_u32(_cvtmask16_u32(entries.raw)));
}

/// Stores the addresses of the entries to keep, packed together. Always writes entries_at_once numbers; those
/// behind the kept ones are zero. Returns how many are kept.
HWY_INLINE std::size_t store_kept(Addresses addresses, EntryMask kept, std::uint32_t* to) {
  _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(kept.raw, addresses.raw));
  return count_of(kept);
}
#endif

}  // namespace cleft::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
