// Included once per SIMD target by lane_masks.cpp (Highway's foreach_target), hence no #pragma once.
#if defined(CLEFT_FOREST_LONE_VOXELS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef CLEFT_FOREST_LONE_VOXELS_INL
#undef CLEFT_FOREST_LONE_VOXELS_INL
#else
#define CLEFT_FOREST_LONE_VOXELS_INL
#endif

#include <algorithm>
#include <cstdint>

#include <hwy/highway.h>

#include "forest/predict/coded_trees.hpp"
#include "forest/predict/entry_vectors-inl.hpp"

// In large trees many nodes see one voxel of a word only. A mask of 64 lanes is wasted on it: such voxels
// leave the queue of LaneMasks and are walked here one by one, entries_at_once side by side.

HWY_BEFORE_NAMESPACE();
namespace cleft::forest::HWY_NAMESPACE {

#if HWY_ARCH_X86 && HWY_MAX_BYTES == 64  // AVX-512
constexpr bool lone_voxels_pay = true;

/// Takes voxels that are alone at their nodes one node further, entries_at_once at a time. Addresses are by
/// voxel (see LaneMasks).
class LoneSteps {
 public:
  /// \param addresses  [voxel] its node; replaced by its next one.
  /// \param arrivals   To be written: addresses of voxels with their leaves' tags.
  LoneSteps(const PackedNode* nodes, const std::int16_t* codes, std::uint32_t* addresses,
            std::uint32_t* arrivals)
      : nodes_(nodes), codes_(codes), addresses_(addresses), arrivals_(arrivals) {}

  std::size_t arrived() const { return arrived_; }

  /// Takes the first `count` voxels one node further. Those that have not come to a leaf are left, at the
  /// list's beginning. Returns how many.
  HWY_INLINE std::size_t step(std::size_t count) {
    std::size_t left = 0;
    for (std::size_t i = 0; i < count; i += entries_at_once)
      left = step_some(i, std::min(entries_at_once, count - i), left);
    return left;
  }

 private:
  HWY_INLINE std::size_t step_some(std::size_t first, std::size_t count, std::size_t left) {
    const AddressTag d;
    const auto set = [&](std::uint32_t value) HWY_ATTR { return hn::Set(d, value); };
    const EntryMask meant = hn::FirstN(d, count);
    const auto address = hn::LoadU(d, addresses_ + first), voxel = hn::And(address, set(0xff));
    const NodeHalves node = nodes_at(hn::ShiftRight<8>(address), meant);
    const auto channel = hn::And(hn::ShiftRight<8>(node.low), set(0xff00));
    const EntryMask right = above(codes_at(hn::Or(channel, voxel), meant), node.low);
    // Of the child that a voxel goes to, in the bits of a left one.
    const auto kinds = hn::IfThenElse(right, hn::ShiftRight<1>(node.low), node.low);
    const EntryMask leaf = has(kinds, PackedNode::left_is_leaf);
    const EntryMask counts = hn::And(hn::And(meant, leaf), has(kinds, PackedNode::left_counts));
    const EntryMask jumps = hn::AndNot(has(node.low, PackedNode::left_is_leaf), right);
    const auto next = hn::Add(address, hn::IfThenElse(jumps, hn::ShiftLeft<8>(node.other), set(256)));
    const auto tag = hn::IfThenElse(right, hn::ShiftRight<16>(node.other), node.other);
    const auto arrival = hn::Or(hn::ShiftLeft<8>(hn::And(tag, set(0xffff))), voxel);
    arrived_ += store_kept(arrival, counts, arrivals_ + arrived_);
    return left + store_kept(next, hn::AndNot(leaf, meant), addresses_ + left);
  }

  static HWY_INLINE EntryMask has(Addresses kinds, std::uint32_t kind) {
    return hn::TestBit(kinds, hn::Set(AddressTag(), kind << 24U));
  }
  /// Compares the lower 16 bits.
  static HWY_INLINE EntryMask above(Addresses a, Addresses b) {
    const hn::RebindToSigned<AddressTag> d;
    const auto up = [&](auto value) HWY_ATTR { return hn::BitCast(d, hn::ShiftLeft<16>(value)); };
    return {hn::Gt(up(a), up(b)).raw};
  }

  /// Of 16 nodes the lower and the upper 32 bits.
  struct NodeHalves {
    Addresses low, other;
  };

  // Not Highway's GatherIndex: the instruction that it chooses keeps the old lanes of its target register, so
  // that each gather would wait for the one before it.
  HWY_INLINE NodeHalves nodes_at(Addresses place, EntryMask meant) const {
    const auto gathered = [&](__m256i places, unsigned which) HWY_ATTR {
      return Addresses{_mm512_mask_i32gather_epi64(_mm512_setzero_si512(), static_cast<__mmask8>(which),
                                                   places, nodes_, sizeof(PackedNode))};
    };
    const unsigned which = _cvtmask16_u32(meant.raw);
    const auto low = gathered(_mm512_castsi512_si256(place.raw), which & 0xffU),
               high = gathered(_mm512_extracti64x4_epi64(place.raw, 1), which >> 8U);
    return {hn::ConcatEven(AddressTag(), high, low), hn::ConcatOdd(AddressTag(), high, low)};
  }
  /// Reads 32 bits where 16 are meant: one element past the last code may be loaded.
  HWY_INLINE Addresses codes_at(Addresses place, EntryMask meant) const {
    return {
        _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), meant.raw, place.raw, codes_, sizeof(*codes_))};
  }

  const PackedNode* nodes_;
  const std::int16_t* codes_;
  std::uint32_t* addresses_;
  std::uint32_t* arrivals_;
  std::size_t arrived_ = 0;
};

/// Takes `count` lone voxels to their leaves: all of them by one node, then those that are left by one more.
/// Returns how many arrivals there are.
inline std::size_t walk_lone(const PackedNode* nodes, const std::int16_t* codes, std::uint32_t* addresses,
                             std::uint32_t* arrivals, std::size_t count) {
  LoneSteps lone(nodes, codes, addresses, arrivals);
  while (count > 0) count = lone.step(count);
  return lone.arrived();
}
#else
// Without gathers and compression single voxels are not walked faster than as masks (measured).
constexpr bool lone_voxels_pay = false;
#endif

}  // namespace cleft::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
