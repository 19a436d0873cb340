#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/narrow.hpp"
#include "forest/samples.hpp"

namespace cleft {

/// Every channel's samples in ascending order of their value (ties by sample number), sorted once for all
/// trees: a tree keeps its part of each order sorted by stable partition, so no float is compared again to
/// sort.
class SortedChannels {
 public:
  /// \pre check_samples passes; fewer than 2^32 samples.
  SortedChannels(const Samples& samples, int threads);

  /// Sample numbers of channel c, ascending by value.
  std::span<const std::uint32_t> order(int c) const {
    return std::span(orders_).subspan(to_size(c) * count_, count_);
  }

 private:
  std::size_t count_;
  std::vector<std::uint32_t> orders_;  // [channel][rank]
};

}  // namespace cleft
