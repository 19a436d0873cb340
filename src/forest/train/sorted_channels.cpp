#include "forest/train/sorted_channels.hpp"

#include <algorithm>
#include <bit>

#include "base/narrow.hpp"
#include "base/threads.hpp"

namespace cleft {

namespace {

/// Unsigned numbers in the order of the floats; both zeros are one.
std::uint32_t ordered_bits(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F);
  return (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
}

}  // namespace

SortedChannels::SortedChannels(const Samples& samples, int threads)
    : count_(samples.count()), orders_(samples.values.size()) {
  run_on_threads(samples.channel_count, threads, [&](std::int64_t c) {
    const auto values = samples.channel(narrow<int>(c));
    std::vector<std::uint64_t> keys(count_);
    for (std::size_t s = 0; s < count_; ++s) keys[s] = std::uint64_t{ordered_bits(values[s])} << 32U | s;
    std::sort(keys.begin(), keys.end());
    auto* order = orders_.data() + to_size(c) * count_;
    std::transform(keys.begin(), keys.end(), order,
                   [](std::uint64_t k) { return static_cast<std::uint32_t>(k); });
  });
}

}  // namespace cleft
