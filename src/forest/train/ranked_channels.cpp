#include "forest/train/ranked_channels.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>
#include <vector>

#include "base/stopped.hpp"
#include "base/threads.hpp"

namespace cleft::forest {

namespace {

/// Unsigned numbers in the order of the floats; both zeros give the same.
std::uint32_t ordered_bits(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F);
  return (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
}

struct Keyed {
  std::uint32_t key, sample;
};

/// Sorts by key and leaves equal keys in their order: 11 bits at a time, from the lowest (radix sort; Knuth,
/// "The Art of Computer Programming", volume 3, 5.2.5).
void sort_by_key(std::vector<Keyed>& keyed) {
  constexpr unsigned digit_bits = 11, digits = 3;
  const auto digit = [](std::uint32_t key, unsigned d) {
    return key >> (d * digit_bits) & ((1U << digit_bits) - 1);
  };
  std::vector<Keyed> sorted(keyed.size());
  for (unsigned d = 0; d < digits; ++d) {
    std::vector<std::uint32_t> places(std::size_t{1} << digit_bits);
    for (const Keyed& k : keyed) ++places[digit(k.key, d)];
    std::exclusive_scan(places.begin(), places.end(), places.begin(), 0U);
    for (const Keyed& k : keyed) sorted[places[digit(k.key, d)]++] = k;
    std::swap(keyed, sorted);
  }
}

/// Array of ranks of all samples, side by side what belongs to one of `rows`.
Extent extent_of(std::size_t rows, std::size_t row) {
  return {1, narrow<std::int64_t>(rows), narrow<std::int64_t>(row)};
}

std::size_t whole_cache_lines(std::size_t ranks) {
  constexpr std::size_t of_line = 64 / sizeof(std::uint32_t);
  return (ranks + of_line - 1) / of_line * of_line;
}

}  // namespace

RankedChannels::RankedChannels(const Samples& samples, int threads, const std::stop_token& stop)
    : by_channel_(extent_of(to_size(samples.channel_count), samples.count())),
      by_sample_(extent_of(samples.count(), whole_cache_lines(to_size(samples.channel_count)))) {
  std::vector<std::uint32_t> highest(to_size(samples.channel_count));
  run_on_threads(samples.channel_count, threads, [&](std::int64_t c) {
    throw_if_stopped(stop);
    const auto values = samples.channel(narrow<int>(c));
    std::vector<Keyed> keyed(values.size());
    for (std::uint32_t s = 0; s < keyed.size(); ++s) keyed[s] = {ordered_bits(values[s]), s};
    sort_by_key(keyed);
    std::uint32_t* const ranks = by_channel_.row(0, c);
    std::uint32_t rank = 0;
    for (std::size_t i = 0; i < keyed.size(); ++i) {
      if (i > 0 && keyed[i].key != keyed[i - 1].key) ++rank;
      ranks[keyed[i].sample] = rank;
    }
    highest[to_size(c)] = rank;
  });
  if (!highest.empty()) highest_ = *std::ranges::max_element(highest);
  // In tiles that stay in the cache.
  constexpr std::int64_t tile = 1024;
  const auto count = narrow<std::int64_t>(samples.count());
  run_on_threads((count + tile - 1) / tile, threads, [&](std::int64_t t) {
    throw_if_stopped(stop);
    const std::int64_t end = std::min(count, (t + 1) * tile);
    for (int c = 0; c < samples.channel_count; ++c) {
      const std::uint32_t* const ranks = by_channel_.row(0, c);
      for (std::int64_t s = t * tile; s < end; ++s) by_sample_.row(0, s)[c] = ranks[s];
    }
  });
}

}  // namespace cleft::forest
