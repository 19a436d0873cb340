#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>

#include "base/array3.hpp"
#include "base/narrow.hpp"
#include "forest/samples.hpp"

namespace cleft::forest {

/// The rank of every sample's value among the different values of its channel, from 0, found once for all
/// trees: where a tree divides its samples depends on the order of values only, and ranks are sorted and
/// counted faster than floats. Both zeros are one value.
class RankedChannels {
 public:
  /// \param threads  Channels that are ranked at once.
  /// \param stop     Looked at before each channel.
  /// \throws Stopped when a stop was requested.
  /// \pre check_samples passes; fewer than 2^32 samples.
  RankedChannels(const Samples& samples, int threads, const std::stop_token& stop = {});

  /// [sample] ranks in one channel.
  const std::uint32_t* of_channel(int channel) const { return by_channel_.row(0, channel); }
  /// [channel] ranks of one sample: the same numbers, side by side.
  const std::uint32_t* of_sample(std::uint32_t sample) const { return by_sample_.row(0, sample); }
  /// The highest rank in any channel; 0 where there are no samples.
  std::uint32_t highest() const { return highest_; }

 private:
  Array3<std::uint32_t> by_channel_;  // y: channel, x: sample
  Array3<std::uint32_t> by_sample_;   // y: sample, x: channel, up to whole cache lines
  std::uint32_t highest_ = 0;
};

}  // namespace cleft::forest
