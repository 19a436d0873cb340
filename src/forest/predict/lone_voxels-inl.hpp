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

#include "forest/predict/lane_masks-inl.hpp"
#include "forest/predict/lane_masks.hpp"

HWY_BEFORE_NAMESPACE();
namespace cleft::HWY_NAMESPACE {

#if HWY_ARCH_X86 && HWY_MAX_BYTES == 64  // AVX-512
constexpr bool lone_voxels_pay = true;

/// Takes voxels that are alone at their nodes one node further, a group at a time.
class LoneSteps {
 public:
  LoneSteps(const PackedNode* nodes, const std::int16_t* codes, const LaneMasks::Queue& queue)
      : nodes_(nodes), codes_(codes), keys_(queue.lone), reports_(queue.lone_reports) {}

  std::size_t reports() const { return reported_; }

  /// Of the first `count` keys, those that have not come to a leaf are left, at the list's beginning. Returns
  /// how many.
  HWY_INLINE std::size_t step(std::size_t count) {
    std::size_t left = 0;
    for (std::size_t i = 0; i < count; i += group_size)
      left = step_group(i, std::min(group_size, count - i), left);
    return left;
  }

 private:
  HWY_INLINE std::size_t step_group(std::size_t first, std::size_t count, std::size_t left) {
    const KeyTag d;
    const auto set = [&](std::uint32_t value) HWY_ATTR { return hn::Set(d, value); };
    const Entries meant = hn::FirstN(d, count);
    const auto key = hn::LoadU(d, keys_ + first), voxel = hn::And(key, set(0xff));
    const NodeHalves node = nodes_at(hn::ShiftRight<8>(key), meant);
    const auto channel = hn::And(hn::ShiftRight<8>(node.low), set(0xff00));
    const Entries right = above(codes_at(hn::Or(channel, voxel), meant), node.low);
    // Of the child that a voxel goes to, in the bits of a left one.
    const auto kinds = hn::IfThenElse(right, hn::ShiftRight<1>(node.low), node.low);
    const Entries leaf = has(kinds, PackedNode::left_is_leaf);
    const Entries counts = hn::And(hn::And(meant, leaf), has(kinds, PackedNode::left_counts));
    const Entries jumps = hn::AndNot(has(node.low, PackedNode::left_is_leaf), right);
    const auto next = hn::Add(key, hn::IfThenElse(jumps, hn::ShiftLeft<8>(node.other), set(256)));
    const auto reported = hn::IfThenElse(right, hn::ShiftRight<16>(node.other), node.other);
    const auto report = hn::Or(hn::ShiftLeft<8>(hn::And(reported, set(0xffff))), voxel);
    reported_ += store_kept(report, counts, reports_ + reported_);
    return left + store_kept(next, hn::AndNot(leaf, meant), keys_ + left);
  }

  static HWY_INLINE Entries has(KeyVector kinds, std::uint32_t kind) {
    return hn::TestBit(kinds, hn::Set(KeyTag(), kind << 24U));
  }
  /// Compares the lower 16 bits.
  static HWY_INLINE Entries above(KeyVector a, KeyVector b) {
    const hn::RebindToSigned<KeyTag> d;
    const auto up = [&](auto value) HWY_ATTR { return hn::BitCast(d, hn::ShiftLeft<16>(value)); };
    return {hn::Gt(up(a), up(b)).raw};
  }

  /// Of 16 nodes the lower and the upper 32 bits.
  struct NodeHalves {
    KeyVector low, other;
  };

  // Not Highway's GatherIndex: what that asks for keeps a register's old lanes, so that each gather would
  // wait for the one before it.
  HWY_INLINE NodeHalves nodes_at(KeyVector place, Entries meant) const {
    const auto gathered = [&](__m256i places, unsigned which) HWY_ATTR {
      return KeyVector{_mm512_mask_i32gather_epi64(_mm512_setzero_si512(), static_cast<__mmask8>(which),
                                                   places, nodes_, sizeof(PackedNode))};
    };
    const unsigned which = _cvtmask16_u32(meant.raw);
    const auto low = gathered(_mm512_castsi512_si256(place.raw), which & 0xffU),
               high = gathered(_mm512_extracti64x4_epi64(place.raw, 1), which >> 8U);
    return {hn::ConcatEven(KeyTag(), high, low), hn::ConcatOdd(KeyTag(), high, low)};
  }
  HWY_INLINE KeyVector codes_at(KeyVector place, Entries meant) const {
    return {
        _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), meant.raw, place.raw, codes_, sizeof(*codes_))};
  }

  const PackedNode* nodes_;
  const std::int16_t* codes_;
  std::uint32_t* keys_;
  std::uint32_t* reports_;
  std::size_t reported_ = 0;
};

/// Takes the queue's first `count` lone voxels to their leaves, all by one node, then those that are left by
/// one more. Returns how many reports there are.
inline std::size_t walk_lone(const PackedNode* nodes, const std::int16_t* codes,
                             const LaneMasks::Queue& queue, std::size_t count) {
  LoneSteps lone(nodes, codes, queue);
  while (count > 0) count = lone.step(count);
  return lone.reports();
}
#else
// Without gathers and compression single voxels are not walked faster than as masks (measured).
constexpr bool lone_voxels_pay = false;
#endif

}  // namespace cleft::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
