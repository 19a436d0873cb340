#pragma once

#include <cstdint>

#include "base/narrow.hpp"

namespace cleft {

/// Consecutive numbers, half-open.
struct NumberRange {
  std::int64_t begin = 0, end = 0;

  std::int64_t size() const { return end - begin; }
  bool contains(std::int64_t n) const { return n >= begin && n < end; }
  friend bool operator==(const NumberRange&, const NumberRange&) = default;
};

/// The share of 0 … count−1 (blocks, sections) that falls to `rank`. Shares are consecutive, cover everything
/// once and differ by at most one; the larger come first. With more ranks than numbers some shares are empty.
///
/// For example 10 blocks on 4 ranks: 0:3, 3:6, 6:8, 8:10.
///
/// \pre count >= 0, 0 <= rank < ranks
constexpr NumberRange owned_range(std::int64_t count, int rank, int ranks) {
  const std::int64_t share = count / ranks, larger = count % ranks;
  const std::int64_t begin = rank * share + (rank < larger ? rank : larger);
  return {begin, begin + share + (rank < larger ? 1 : 0)};
}

/// The rank in whose owned_range `number` is.
/// \pre 0 <= number < count
constexpr int owner_of(std::int64_t number, std::int64_t count, int ranks) {
  const std::int64_t share = count / ranks, larger = count % ranks;
  const std::int64_t in_larger = larger * (share + 1);
  return narrow<int>(number < in_larger ? number / (share + 1) : larger + (number - in_larger) / share);
}

}  // namespace cleft
