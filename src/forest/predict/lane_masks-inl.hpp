// Included once per SIMD target by lane_masks.cpp (Highway's foreach_target), hence no #pragma once.
#if defined(CLEFT_FOREST_LANE_MASKS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef CLEFT_FOREST_LANE_MASKS_INL
#undef CLEFT_FOREST_LANE_MASKS_INL
#else
#define CLEFT_FOREST_LANE_MASKS_INL
#endif

#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "forest/predict/lane_masks.hpp"

HWY_BEFORE_NAMESPACE();
namespace cleft::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Entries of the queue that are worked on at once.
constexpr std::size_t group_size = 16;

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
using KeyTag = hn::CappedTag<std::uint32_t, group_size>;
using KeyVector = hn::Vec<KeyTag>;
using Entries = hn::Mask<KeyTag>;  // which of a group's

HWY_INLINE std::size_t count_of(Entries entries) {
  return static_cast<std::size_t>(_mm_popcnt_u32(_cvtmask16_u32(entries.raw)));
}

/// Stores the keys that are kept next to each other, and a group in any case. Returns how many are kept.
HWY_INLINE std::size_t store_kept(KeyVector keys, Entries kept, std::uint32_t* to) {
  _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(kept.raw, keys.raw));
  return count_of(kept);
}
#endif

/// Appends what groups of entries become to the queue and to the reports. Nothing here is a branch to guess
/// wrong: all is stored, and what is no child with voxels is overwritten by the next.
/// \tparam lone_apart  Children at inner nodes with one voxel go to the lone voxels instead; AVX-512 only.
template <bool lone_apart>
class Appender {
 public:
  explicit Appender(const LaneMasks::Queue& queue)
      : queue_(queue), tail_(queue.begun), reports_(queue.reported) {}

  std::size_t tail() const { return tail_; }
  std::size_t reports() const { return reports_; }
  std::size_t lone() const { return lone_; }

  /// Moves the entries from `first` on to the beginning of the queue.
  std::size_t restart_from(std::size_t first) {
    const std::size_t count = tail_ - first;
    std::memmove(queue_.masks, queue_.masks + first, count * sizeof(*queue_.masks));
    std::memmove(queue_.keys, queue_.keys + first, (count + group_size) * sizeof(*queue_.keys));
    tail_ = count;
    return first;
  }

  /// \param first  Where the group's `count` entries stand in the queue.
  /// \param nodes  Of each entry.
  /// \param right  Of each entry, the lanes whose code is above the node's.
  HWY_INLINE void children(std::size_t first, std::size_t count, const std::uint64_t* nodes,
                           const std::uint64_t* right) {
#if HWY_ARCH_X86 && HWY_MAX_BYTES == 64
    group(first, count, nodes, right);
#else
    for (std::size_t i = 0; i < count; ++i) one(first + i, nodes[i], right[i]);
#endif
    // Keys behind the tail are read (not used) with the last group, so they must name a node.
    std::memset(queue_.keys + tail_, 0, group_size * sizeof(*queue_.keys));
  }

 private:
  /// The bits of `kinds` are left_is_leaf, right_is_leaf, left_counts, right_counts.
  HWY_INLINE void one(std::size_t entry, std::uint64_t node, std::uint64_t goes_right) {
    const std::uint64_t mask = queue_.masks[entry], left = mask & ~goes_right, right = mask & goes_right;
    const std::uint32_t key = queue_.keys[entry], which = key & 0xffU;
    const auto kinds = static_cast<std::uint32_t>(node >> 24U),
               other = static_cast<std::uint32_t>(node >> 32U);
    const std::uint32_t left_leaf = kinds & 1U, right_leaf = kinds >> 1U & 1U;
    const std::uint32_t some_left = left != 0 ? 1 : 0, some_right = right != 0 ? 1 : 0;
    const std::uint32_t right_distance = left_leaf * 256U + (1U - left_leaf) * (other << 8U);
    put(left, key + 256U, some_left & ~left_leaf);
    put(right, key + right_distance, some_right & ~right_leaf);
    report(left, (other & 0xffffU) << 8U | which, some_left & kinds >> 2U);
    report(right, other >> 16U << 8U | which, some_right & kinds >> 3U);
  }
  void put(std::uint64_t mask, std::uint32_t key, std::uint32_t stays) {
    queue_.masks[tail_] = mask;
    queue_.keys[tail_] = key;
    tail_ += stays;
  }
  void report(std::uint64_t mask, std::uint32_t key, std::uint32_t stays) {
    queue_.report_masks[reports_] = mask;
    queue_.report_keys[reports_] = key;
    reports_ += stays;
  }

#if HWY_ARCH_X86 && HWY_MAX_BYTES == 64  // AVX-512
  using Masks = hn::CappedTag<std::uint64_t, 8>;

  /// A mask for each entry of a group.
  struct MaskPair {
    hn::Vec<Masks> low, high;
  };

  /// `one` for a whole group at a time.
  HWY_INLINE void group(std::size_t first, std::size_t count, const std::uint64_t* nodes_of,
                        const std::uint64_t* right_of) {
    const Masks d;
    const KeyTag dk;
    const hn::Repartition<std::uint32_t, Masks> halves;
    const auto low = hn::BitCast(halves, hn::Load(d, nodes_of)),
               high = hn::BitCast(halves, hn::Load(d, nodes_of + 8));
    const auto kinds = hn::ConcatEven(dk, high, low), other = hn::ConcatOdd(dk, high, low);
    const auto has = [&](std::uint32_t kind)
                         HWY_ATTR { return hn::TestBit(kinds, hn::Set(dk, kind << 24U)); };
    const auto left_leaf = has(PackedNode::left_is_leaf), right_leaf = has(PackedNode::right_is_leaf);

    const auto right0 = hn::Load(d, right_of), right1 = hn::Load(d, right_of + 8);
    const auto mask0 = hn::LoadU(d, queue_.masks + first), mask1 = hn::LoadU(d, queue_.masks + first + 8);
    const MaskPair left{hn::AndNot(right0, mask0), hn::AndNot(right1, mask1)};
    const MaskPair right{hn::And(right0, mask0), hn::And(right1, mask1)};
    const auto meant = hn::FirstN(dk, count);
    const auto some_left = hn::And(meant, some(left)), some_right = hn::And(meant, some(right));

    const auto key = hn::LoadU(dk, queue_.keys + first), low_byte = hn::Set(dk, 0xffU);
    const auto which = hn::And(key, low_byte), next = hn::Add(key, hn::Set(dk, 256U));
    const auto right_key = hn::IfThenElse(left_leaf, next, hn::Add(key, hn::ShiftLeft<8>(other)));
    const auto left_report = hn::Or(hn::ShiftRight<8>(hn::ShiftLeft<16>(other)), which);
    const auto right_report = hn::Or(hn::AndNot(low_byte, hn::ShiftRight<8>(other)), which);
    auto stay_left = hn::AndNot(left_leaf, some_left), stay_right = hn::AndNot(right_leaf, some_right);
    if constexpr (lone_apart) {
      stay_left = without_lone(left, next, stay_left);
      stay_right = without_lone(right, right_key, stay_right);
    }
    tail_ += keep(left, next, stay_left, queue_.masks + tail_, queue_.keys + tail_);
    tail_ += keep(right, right_key, stay_right, queue_.masks + tail_, queue_.keys + tail_);
    reports_ += keep(left, left_report, hn::And(has(PackedNode::left_counts), some_left),
                     queue_.report_masks + reports_, queue_.report_keys + reports_);
    reports_ += keep(right, right_report, hn::And(has(PackedNode::right_counts), some_right),
                     queue_.report_masks + reports_, queue_.report_keys + reports_);
  }

  static HWY_INLINE Entries some(const MaskPair& masks) {
    return {_mm512_kunpackb(_mm512_test_epi64_mask(masks.high.raw, masks.high.raw),
                            _mm512_test_epi64_mask(masks.low.raw, masks.low.raw))};
  }

  /// Of the entries that stay, those with one voxel go to the lone ones. Returns the others.
  HWY_INLINE Entries without_lone(const MaskPair& mask, KeyVector key, Entries stay) {
    const Masks d;
    const KeyTag dk;
    const auto one = hn::Set(d, 1);
    const auto low_rest = hn::Sub(mask.low, one), high_rest = hn::Sub(mask.high, one);
    const Entries alone =
        hn::And(stay, Entries{_mm512_kunpackb(_mm512_testn_epi64_mask(mask.high.raw, high_rest.raw),
                                              _mm512_testn_epi64_mask(mask.low.raw, low_rest.raw))});
    // The lane of a single bit is the exponent of what it is as a number.
    const hn::Repartition<std::uint32_t, Masks> halves;
    const hn::Vec<Masks> low{_mm512_castpd_si512(_mm512_cvtepu64_pd(mask.low.raw))},
        high{_mm512_castpd_si512(_mm512_cvtepu64_pd(mask.high.raw))};
    const auto exponent =
        hn::ShiftRight<20>(hn::ConcatOdd(dk, hn::BitCast(halves, high), hn::BitCast(halves, low)));
    const auto voxel = hn::Add(key, hn::Sub(exponent, hn::Set(dk, 1023)));
    lone_ += store_kept(voxel, alone, queue_.lone + lone_);
    return hn::AndNot(alone, stay);
  }

  /// Stores the entries that are kept next to each other, and a group in any case. (Highway's own Compress of
  /// 64-bit lanes copies a table each time, and to compress into memory is slow on Zen 4.)
  static HWY_INLINE std::size_t keep(const MaskPair& mask, KeyVector key, Entries kept, std::uint64_t* masks,
                                     std::uint32_t* keys) {
    const auto low_half = static_cast<std::size_t>(_mm_popcnt_u32(_cvtmask16_u32(kept.raw) & 0xffU));
    _mm512_storeu_si512(masks, _mm512_maskz_compress_epi64(static_cast<__mmask8>(kept.raw), mask.low.raw));
    _mm512_storeu_si512(
        masks + low_half,
        _mm512_maskz_compress_epi64(static_cast<__mmask8>(_kshiftri_mask16(kept.raw, 8)), mask.high.raw));
    return store_kept(key, kept, keys);
  }
#endif

  LaneMasks::Queue queue_;
  std::size_t tail_, reports_, lone_ = 0;
};

}  // namespace cleft::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
