#include "forest/predict/leaf_sums.hpp"

// Compiled once per SIMD target; the one the processor has is chosen at run time.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "forest/predict/leaf_sums.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace cleft::forest::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t word_lanes = 64;

/// Calls body(d, first lane, which of the vector's lanes are in the mask) for each vector of a word's lanes.
template <class T, class Body>
HWY_INLINE void for_lanes_of(std::uint64_t mask, const Body& body) {
  const hn::CappedTag<T, word_lanes> d;
  for (std::size_t lane = 0; lane < word_lanes; lane += hn::Lanes(d)) {
    const std::uint64_t bits = mask >> lane;
    body(d, lane, hn::LoadMaskBits(d, reinterpret_cast<const std::uint8_t*>(&bits)));
  }
}

void add_all_votes(std::span<const std::uint64_t> masks, std::size_t step, std::size_t words,
                   std::span<std::uint8_t> votes) {
  const hn::CappedTag<std::uint8_t, word_lanes> d;
  for (std::size_t word = 0; word < words; ++word)
    for (std::size_t lane = 0; lane < word_lanes; lane += hn::Lanes(d)) {
      std::uint8_t* of_lanes = votes.data() + word * word_lanes + lane;
      auto sum = hn::LoadU(d, of_lanes);
      for (std::size_t tree = word; tree < masks.size(); tree += step) {
        const std::uint64_t bits = masks[tree] >> lane;
        const auto in = hn::LoadMaskBits(d, reinterpret_cast<const std::uint8_t*>(&bits));
        sum = hn::Add(sum, hn::IfThenElseZero(in, hn::Set(d, std::uint8_t{1})));
      }
      hn::StoreU(sum, d, of_lanes);
    }
}

void set_all_leaves(std::span<const std::uint64_t> masks, std::span<const std::uint32_t> addresses,
                    std::span<std::uint16_t> leaf_of) {
  for (std::size_t i = 0; i < masks.size(); ++i) {
    std::uint16_t* of_word = leaf_of.data() + (addresses[i] & 0xffU) * word_lanes;
    const auto leaf = static_cast<std::uint16_t>(addresses[i] >> 8U);
    for_lanes_of<std::uint16_t>(masks[i], [&](auto d, std::size_t lane, auto in) HWY_ATTR {
      const auto before = hn::LoadU(d, of_word + lane);
      hn::StoreU(hn::IfThenElse(in, hn::Set(d, leaf), before), d, of_word + lane);
    });
  }
}

void add_all_rows(std::span<const std::uint16_t> leaf_of, const float* rows, std::size_t padded,
                  std::span<float> sums) {
  const hn::CappedTag<float, 4> d;
  float* sum = sums.data();
  for (const std::uint16_t leaf : leaf_of) {
    const float* row = rows + leaf * padded;
    for (std::size_t c = 0; c < padded; c += hn::Lanes(d))
      hn::StoreU(hn::Add(hn::LoadU(d, sum + c), hn::LoadU(d, row + c)), d, sum + c);
    sum += padded;
  }
}

}  // namespace
}  // namespace cleft::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cleft::forest {
namespace {

HWY_EXPORT(add_all_votes);
HWY_EXPORT(set_all_leaves);
HWY_EXPORT(add_all_rows);

}  // namespace

void add_votes(std::span<const std::uint64_t> masks, std::size_t step, std::size_t words,
               std::span<std::uint8_t> votes) {
  HWY_DYNAMIC_DISPATCH(add_all_votes)(masks, step, words, votes);
}

void set_leaves(std::span<const std::uint64_t> masks, std::span<const std::uint32_t> addresses,
                std::span<std::uint16_t> leaf_of) {
  HWY_DYNAMIC_DISPATCH(set_all_leaves)(masks, addresses, leaf_of);
}

void add_rows(std::span<const std::uint16_t> leaf_of, const float* rows, std::size_t padded,
              std::span<float> sums) {
  HWY_DYNAMIC_DISPATCH(add_all_rows)(leaf_of, rows, padded, sums);
}

}  // namespace cleft::forest
#endif  // HWY_ONCE
