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

#include "forest/predict/compress_tables.hpp"
#include "forest/predict/entry_vectors-inl.hpp"
#include "forest/predict/lane_masks.hpp"

HWY_BEFORE_NAMESPACE();
namespace cleft::forest::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Appends what entries become to the queue and to the arrivals. Branch-free, since a processor would guess
/// wrong too often: both children are always stored; one without voxels, or that is a leaf, is overwritten by
/// the next entry. Likewise arrivals.
///
/// \tparam lone_apart  Children at inner nodes with one voxel go to the lone voxels instead; AVX-512 only.
template <bool lone_apart>
class Appender {
 public:
  explicit Appender(const LaneMasks::Queue& queue)
      : queue_(queue), tail_(queue.begun), arrivals_(queue.arrived) {}

  std::size_t tail() const { return tail_; }
  std::size_t arrivals() const { return arrivals_; }
  std::size_t lone() const { return lone_; }

  /// Moves the entries from `first` on to the beginning of the queue. Returns by how many places.
  std::size_t restart_from(std::size_t first) {
    const std::size_t count = tail_ - first;
    std::memmove(queue_.masks, queue_.masks + first, count * sizeof(*queue_.masks));
    std::memmove(queue_.addresses, queue_.addresses + first,
                 (count + entries_at_once) * sizeof(*queue_.addresses));
    tail_ = count;
    return first;
  }

  /// Appends what up to entries_at_once entries become.
  ///
  /// \param first  Where the `count` entries stand in the queue.
  /// \param nodes  [entry] the bits of its PackedNode.
  /// \param right  [entry] the lanes whose code is above the node's.
  HWY_INLINE void children(std::size_t first, std::size_t count, const std::uint64_t* nodes,
                           const std::uint64_t* right) {
#if HWY_ARCH_X86 && HWY_MAX_BYTES == 64
    all_at_once(first, count, nodes, right);
#elif HWY_ARCH_X86 && HWY_MAX_BYTES == 32
    for (std::size_t i = 0; i < count; i += eight) eight_at_once(first + i, count - i, nodes + i, right + i);
#else
    for (std::size_t i = 0; i < count; ++i) one(first + i, nodes[i], right[i]);
#endif
    // Addresses behind the tail are compared too, together with the last entries. Their results are ignored,
    // but the node that they name must exist.
    std::memset(queue_.addresses + tail_, 0, entries_at_once * sizeof(*queue_.addresses));
  }

 private:
  /// The bits of `kinds` are left_is_leaf, right_is_leaf, left_counts, right_counts.
  HWY_INLINE void one(std::size_t entry, std::uint64_t node, std::uint64_t goes_right) {
    const std::uint64_t mask = queue_.masks[entry], left = mask & ~goes_right, right = mask & goes_right;
    const std::uint32_t address = queue_.addresses[entry], which = address & 0xffU;
    const auto kinds = static_cast<std::uint32_t>(node >> 24U),
               other = static_cast<std::uint32_t>(node >> 32U);
    const std::uint32_t left_leaf = kinds & 1U, right_leaf = kinds >> 1U & 1U;
    const std::uint32_t some_left = left != 0 ? 1 : 0, some_right = right != 0 ? 1 : 0;
    const std::uint32_t right_distance = left_leaf * 256U + (1U - left_leaf) * (other << 8U);
    put(left, address + 256U, some_left & ~left_leaf);
    put(right, address + right_distance, some_right & ~right_leaf);
    arrive(left, (other & 0xffffU) << 8U | which, some_left & kinds >> 2U);
    arrive(right, other >> 16U << 8U | which, some_right & kinds >> 3U);
  }
  void put(std::uint64_t mask, std::uint32_t address, std::uint32_t stays) {
    queue_.masks[tail_] = mask;
    queue_.addresses[tail_] = address;
    tail_ += stays;
  }
  void arrive(std::uint64_t mask, std::uint32_t address, std::uint32_t stays) {
    queue_.arrival_masks[arrivals_] = mask;
    queue_.arrival_addresses[arrivals_] = address;
    arrivals_ += stays;
  }

#if HWY_ARCH_X86 && HWY_MAX_BYTES == 64  // AVX-512
  using Masks = hn::CappedTag<std::uint64_t, 8>;

  /// A mask for each of entries_at_once entries.
  struct MaskPair {
    hn::Vec<Masks> low, high;
  };

  /// `one` for entries_at_once entries.
  HWY_INLINE void all_at_once(std::size_t first, std::size_t count, const std::uint64_t* nodes_of,
                              const std::uint64_t* right_of) {
    const Masks d;
    const AddressTag da;
    const hn::Repartition<std::uint32_t, Masks> halves;
    const auto low = hn::BitCast(halves, hn::Load(d, nodes_of)),
               high = hn::BitCast(halves, hn::Load(d, nodes_of + 8));
    const auto kinds = hn::ConcatEven(da, high, low), other = hn::ConcatOdd(da, high, low);
    const auto has = [&](std::uint32_t kind)
                         HWY_ATTR { return hn::TestBit(kinds, hn::Set(da, kind << 24U)); };
    const auto left_leaf = has(PackedNode::left_is_leaf), right_leaf = has(PackedNode::right_is_leaf);

    const auto right0 = hn::Load(d, right_of), right1 = hn::Load(d, right_of + 8);
    const auto mask0 = hn::LoadU(d, queue_.masks + first), mask1 = hn::LoadU(d, queue_.masks + first + 8);
    const MaskPair left{hn::AndNot(right0, mask0), hn::AndNot(right1, mask1)};
    const MaskPair right{hn::And(right0, mask0), hn::And(right1, mask1)};
    const auto meant = hn::FirstN(da, count);
    const auto some_left = hn::And(meant, some(left)), some_right = hn::And(meant, some(right));

    const auto address = hn::LoadU(da, queue_.addresses + first), low_byte = hn::Set(da, 0xffU);
    const auto which = hn::And(address, low_byte), next = hn::Add(address, hn::Set(da, 256U));
    const auto right_address = hn::IfThenElse(left_leaf, next, hn::Add(address, hn::ShiftLeft<8>(other)));
    const auto left_arrival = hn::Or(hn::ShiftRight<8>(hn::ShiftLeft<16>(other)), which);
    const auto right_arrival = hn::Or(hn::AndNot(low_byte, hn::ShiftRight<8>(other)), which);
    auto stay_left = hn::AndNot(left_leaf, some_left), stay_right = hn::AndNot(right_leaf, some_right);
    if constexpr (lone_apart) {
      stay_left = without_lone(left, next, stay_left);
      stay_right = without_lone(right, right_address, stay_right);
    }
    tail_ += keep(left, next, stay_left, queue_.masks + tail_, queue_.addresses + tail_);
    tail_ += keep(right, right_address, stay_right, queue_.masks + tail_, queue_.addresses + tail_);
    arrivals_ += keep(left, left_arrival, hn::And(has(PackedNode::left_counts), some_left),
                      queue_.arrival_masks + arrivals_, queue_.arrival_addresses + arrivals_);
    arrivals_ += keep(right, right_arrival, hn::And(has(PackedNode::right_counts), some_right),
                      queue_.arrival_masks + arrivals_, queue_.arrival_addresses + arrivals_);
  }

  static HWY_INLINE EntryMask some(const MaskPair& masks) {
    return {_mm512_kunpackb(_mm512_test_epi64_mask(masks.high.raw, masks.high.raw),
                            _mm512_test_epi64_mask(masks.low.raw, masks.low.raw))};
  }

  /// Of the entries that stay, those with one voxel go to the lone ones. Returns the others.
  HWY_INLINE EntryMask without_lone(const MaskPair& mask, Addresses address, EntryMask stay) {
    const Masks d;
    const AddressTag da;
    const auto one = hn::Set(d, 1);
    const auto low_rest = hn::Sub(mask.low, one), high_rest = hn::Sub(mask.high, one);
    const EntryMask alone =
        hn::And(stay, EntryMask{_mm512_kunpackb(_mm512_testn_epi64_mask(mask.high.raw, high_rest.raw),
                                                _mm512_testn_epi64_mask(mask.low.raw, low_rest.raw))});
    // A single bit is a power of two: converted to a double, its lane is the exponent.
    const hn::Repartition<std::uint32_t, Masks> halves;
    const hn::Vec<Masks> low{_mm512_castpd_si512(_mm512_cvtepu64_pd(mask.low.raw))},
        high{_mm512_castpd_si512(_mm512_cvtepu64_pd(mask.high.raw))};
    const auto exponent =
        hn::ShiftRight<20>(hn::ConcatOdd(da, hn::BitCast(halves, high), hn::BitCast(halves, low)));
    const auto voxel = hn::Add(address, hn::Sub(exponent, hn::Set(da, 1023)));
    lone_ += store_kept(voxel, alone, queue_.lone + lone_);
    return hn::AndNot(alone, stay);
  }

  /// Stores the masks and addresses of the entries to keep, packed together, and always whole vectors.
  /// Returns how many are kept. (Highway's own Compress of 64-bit lanes copies a table each time, and to
  /// compress into memory is slow on Zen 4.)
  static HWY_INLINE std::size_t keep(const MaskPair& mask, Addresses address, EntryMask kept,
                                     std::uint64_t* masks, std::uint32_t* addresses) {
    const auto low_half = static_cast<std::size_t>(_mm_popcnt_u32(_cvtmask16_u32(kept.raw) & 0xffU));
    _mm512_storeu_si512(masks, _mm512_maskz_compress_epi64(static_cast<__mmask8>(kept.raw), mask.low.raw));
    _mm512_storeu_si512(
        masks + low_half,
        _mm512_maskz_compress_epi64(static_cast<__mmask8>(_kshiftri_mask16(kept.raw, 8)), mask.high.raw));
    return store_kept(address, kept, addresses);
  }
#elif HWY_ARCH_X86 && HWY_MAX_BYTES == 32  // AVX2
  static constexpr std::size_t eight = 8;
  static_assert(entries_at_once % eight == 0);

  /// A mask for each of eight entries.
  struct MaskPair {
    __m256i low, high;
  };

  /// `one` for the first `count` of eight entries. Those that something is true of are bits of a number: what
  /// a comparison gives here is a vector, from whose signs they are taken.
  HWY_INLINE void eight_at_once(std::size_t first, std::size_t count, const std::uint64_t* nodes_of,
                                const std::uint64_t* right_of) {
    const hn::CappedTag<std::uint32_t, eight> da;
    const hn::CappedTag<std::uint64_t, 4> d;
    const auto low = hn::BitCast(da, hn::Load(d, nodes_of)),
               high = hn::BitCast(da, hn::Load(d, nodes_of + 4));
    const auto kinds = hn::ConcatEven(da, high, low), other = hn::ConcatOdd(da, high, low);
    const auto left_leaves = hn::ShiftLeft<7>(kinds);  // left_is_leaf as the sign, and so on
    const std::uint32_t left_leaf = signs(left_leaves), right_leaf = signs(hn::ShiftLeft<6>(kinds)),
                        left_counts = signs(hn::ShiftLeft<5>(kinds)),
                        right_counts = signs(hn::ShiftLeft<4>(kinds));

    const auto right0 = hn::Load(d, right_of), right1 = hn::Load(d, right_of + 4);
    const auto mask0 = hn::LoadU(d, queue_.masks + first), mask1 = hn::LoadU(d, queue_.masks + first + 4);
    const MaskPair left{hn::AndNot(right0, mask0).raw, hn::AndNot(right1, mask1).raw};
    const MaskPair right{hn::And(right0, mask0).raw, hn::And(right1, mask1).raw};
    const std::uint32_t meant = count < eight ? (1U << count) - 1U : 0xffU;
    const std::uint32_t some_left = meant & ~empty(left), some_right = meant & ~empty(right);

    const auto address = hn::LoadU(da, queue_.addresses + first), low_byte = hn::Set(da, 0xffU);
    const auto which = hn::And(address, low_byte), next = hn::Add(address, hn::Set(da, 256U));
    const auto right_address = hn::IfThenElse(
        hn::MaskFromVec(hn::BitCast(
            da, hn::BroadcastSignBit(hn::BitCast(hn::RebindToSigned<decltype(da)>(), left_leaves)))),
        next, hn::Add(address, hn::ShiftLeft<8>(other)));
    const auto left_arrival = hn::Or(hn::ShiftRight<8>(hn::ShiftLeft<16>(other)), which);
    const auto right_arrival = hn::Or(hn::AndNot(low_byte, hn::ShiftRight<8>(other)), which);
    tail_ += keep(left, next.raw, some_left & ~left_leaf, queue_.masks + tail_, queue_.addresses + tail_);
    tail_ += keep(right, right_address.raw, some_right & ~right_leaf, queue_.masks + tail_,
                  queue_.addresses + tail_);
    arrivals_ += keep(left, left_arrival.raw, some_left & left_counts, queue_.arrival_masks + arrivals_,
                      queue_.arrival_addresses + arrivals_);
    arrivals_ += keep(right, right_arrival.raw, some_right & right_counts, queue_.arrival_masks + arrivals_,
                      queue_.arrival_addresses + arrivals_);
  }

  template <class V>
  static HWY_INLINE std::uint32_t signs(V v) {
    return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(v.raw)));
  }
  static HWY_INLINE std::uint32_t empty(const MaskPair& masks) {
    const auto of = [](__m256i four) HWY_ATTR {
      const __m256i is_zero = _mm256_cmpeq_epi64(four, _mm256_setzero_si256());
      return static_cast<std::uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(is_zero)));
    };
    return of(masks.low) | of(masks.high) << 4U;
  }

  /// Stores the masks and addresses of the entries to keep, packed together, and always whole vectors; what
  /// is behind the kept ones means nothing. Returns how many are kept.
  static HWY_INLINE std::size_t keep(const MaskPair& mask, __m256i address, std::uint32_t kept,
                                     std::uint64_t* masks, std::uint32_t* addresses) {
    const std::uint32_t low = kept & 0xfU, high = kept >> 4U;
    const auto packed = [](__m256i four, std::uint32_t of_four) HWY_ATTR {
      const auto* places = reinterpret_cast<const __m256i*>(compress_tables.halves_of_four[of_four].data());
      return _mm256_permutevar8x32_epi32(four, _mm256_load_si256(places));
    };
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(masks), packed(mask.low, low));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(masks + _mm_popcnt_u32(low)), packed(mask.high, high));
    const auto* places = reinterpret_cast<const __m128i*>(compress_tables.of_eight[kept].data());
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(addresses),
                        _mm256_permutevar8x32_epi32(address, _mm256_cvtepu8_epi32(_mm_loadl_epi64(places))));
    return static_cast<std::size_t>(_mm_popcnt_u32(kept));
  }
#endif

  LaneMasks::Queue queue_;
  std::size_t tail_, arrivals_, lone_ = 0;
};

}  // namespace cleft::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
